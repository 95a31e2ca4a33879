"""顾秀芸's album: the sewing machine and the balcony."""

import math
from album import animals
from album import buildings as b
from album import nature as n
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, light, mix, poly, ring, smooth


def sewing():
    """An old treadle machine at the window, red cloth under the needle; an orange cat asleep on the sill."""
    c = Canvas(83, sun=(-0.2, -0.9))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#dccbb0"), (1, "#b79f7f")]))

    def outside():
        n.sky(c, [(0, "#bfdcea"), (1, "#f3ecd4")], 640)
        b.river_house(c, 880, 560, 360, 240, windows=2)
        n.leaves(c, 480, 240, 190, 150, ("#5f8f4c", "#86b060", "#b9d07a"), 300, 20)
        n.leaves(c, 660, 420, 150, 130, ("#5f8f4c", "#86b060", "#b9d07a"), 200, 20)

    b.window(c, 330, 70, 900, 500, "#8a5a3c", (3, 2), outside)
    c.rect(250, 600, 1060, 58, c.fade([(0, "#a9764e"), (1, "#6f4a30")]), 6)
    animals.sleeping_cat(c, 1095, 606, 330)
    t.pot(c, 400, 606, 96, 92)
    n.leaves(c, 400, 450, 80, 78, ("#3f7a45", "#5f9a55"), 90, 19)
    c.beam([(360, 640), (1200, 640), (1500, 1200), (100, 1200)], "#fff3cf", 0.6, 40)
    t.planks(c, 60, 900, 1480, 110, "#9a6a42", 3)
    c.rect(60, 1006, 1480, 194, c.fade([(0, "#3d281a"), (1, "#2a1b12")]))
    c.path("M300 1200C360 1080 520 1080 560 1200M1040 1200C1080 1080 1240 1080 1300 1200", "none", "#17130f", 16)
    with c.group(transform="translate(-215 -285) scale(1.31)"):
        _machine(c, 745, 920)
    cloth = smooth(
        [
            (250, 930),
            (420, 905),
            (560, 930),
            (700, 922),
            (740, 948),
            (690, 990),
            (600, 1010),
            (610, 1100),
            (520, 1190),
            (380, 1160),
            (300, 1190),
            (230, 1080),
            (180, 1000),
        ]
    )
    c.cast(cloth, 8, 12, 12, 0.4)
    c.form(cloth, "#cf2f2a", depth=34, shade=0.45)
    for pts in (
        [(330, 940), (390, 1040), (360, 1150)],
        [(480, 930), (520, 1020), (480, 1150)],
        [(270, 980), (300, 1060), (290, 1130)],
        [(600, 960), (570, 1020), (560, 1090)],
    ):
        c.line(pts, dark("#cf2f2a", 0.45), 12, opacity=0.45, filter=c.blur(5))
        c.line([(x - 12, y) for x, y in pts], light("#cf2f2a", 0.4), 7, opacity=0.4, filter=c.blur(4))
    for k, tone in enumerate(("#3f6fa8", "#e0b84a", "#5f9a68", "#e9e4d8")):
        _spool(c, 1240 + k * 74, 926 + (k % 2) * 26, tone)
    _scissors(c, 1330, 985)
    c.line([(200, 905), (120, 940), (170, 985), (90, 1000)], "#f0d060", 15)
    for k in range(16):
        c.line([(196 - k * 5, 908 + k * 2.4), (188 - k * 5, 914 + k * 2.4)], "#3a2a1a", 2, soft=False)
    return c, "warm"


def _machine(c, x, y):
    black = "#24252c"
    c.shadow(x + 40, y + 12, 330, 22, 0.5)
    c.form(box(x - 290, y - 46, 600, 54, 14), black, depth=10, shine=0.4)
    d = (
        f"M{x + 150} {y - 44}L{x + 160} {y - 190}Q{x + 150} {y - 236} {x + 60} {y - 240}L{x - 150} "
        f"{y - 236}Q{x - 210} {y - 236} {x - 214} {y - 150}L{x - 216} {y - 96}L{x - 158} {y - 96}L{x - 154} "
        f"{y - 150}Q{x - 144} {y - 172} {x - 100} {y - 172}L{x + 40} {y - 176}Q{x + 82} {y - 172} "
        f"{x + 84} {y - 44}Z"
    )
    c.form(d, black, depth=22, shine=0.5)
    gold = "#d9b45a"
    c.path(f"M{x - 180} {y - 204}Q{x - 60} {y - 226} {x + 120} {y - 204}", "none", gold, 4)
    for k in range(5):
        px = x - 130 + k * 48
        c.path(f"M{px} {y - 196}c14 -18 30 -2 18 12c-14 16 -34 6 -26 -8", "none", gold, 3)
    c.path(f"M{x + 118} {y - 170}c-18 30 20 44 2 92", "none", gold, 3)
    c.form(ring(x + 190, y - 176, 30, 82), "#33343c", depth=12, shine=0.5)
    c.path(ring(x + 192, y - 176, 19, 58), "none", "#c9cacc", 6)
    c.form(box(x + 150, y - 206, 44, 60, 6), "#33343c", depth=8)
    for px, h in ((x - 190, 92), (x - 168, 70)):
        c.line([(px, y - 100), (px, y - 100 + h * 0.7)], "#c9cacc", 7, soft=False)
    c.line([(x - 190, y - 40), (x - 190, y - 76)], "#e8e8e6", 3, soft=False)
    c.rect(x - 210, y - 52, 44, 9, "#c9cacc", 3)
    _spool(c, x + 40, y - 240, "#cf2f2a", 0.7)
    c.line([(x + 34, y - 290), (x - 120, y - 262), (x - 196, y - 226), (x - 190, y - 60)], "#cf2f2a", 2.4, opacity=0.9)
    c.ellipse(x - 60, y - 214, 60, 7, "#ffffff", opacity=0.35, filter=c.blur(4))


def _spool(c, x, y, colour, k=1.0):
    c.shadow(x + 6, y, 30 * k, 7 * k, 0.45)
    c.form(box(x - 27 * k, y - 12 * k, 54 * k, 12 * k, 4), "#c99c62", depth=4)
    c.form(box(x - 20 * k, y - 62 * k, 40 * k, 52 * k, 6), colour, depth=8)
    for j in range(7):
        c.line(
            [(x - 19 * k, y - (16 + j * 7) * k), (x + 19 * k, y - (19 + j * 7) * k)],
            dark(colour, 0.35),
            1.6,
            opacity=0.6,
        )
    c.form(box(x - 27 * k, y - 72 * k, 54 * k, 12 * k, 4), "#c99c62", depth=4)


def _scissors(c, x, y):
    for side in (-1, 1):
        c.line([(x, y), (x - 120, y + side * 16)], "#b9bcc2", 13, soft=False)
        c.line([(x, y), (x + 50, y + side * 24)], "#3a3d44", 11)
        c.path(ring(x + 84, y + side * 30, 32, 21), "none", "#2c2e35", 11)
    c.ellipse(x, y, 7, 7, "#f0f0ee")


def balcony():
    """Four pots in a row, the new one in pink bloom, a yellow watering can; roofs behind."""
    c = Canvas(97, sun=(0.6, -0.8))
    n.sky(c, [(0, "#a8cfe2"), (0.6, "#e6ece0"), (1, "#f6e8cf")], 700)
    n.cloud(c, 1150, 190, 380, opacity=0.75)
    for k, (x, w, y) in enumerate(
        ((-60, 420, 560), (330, 360, 500), (660, 420, 580), (1040, 340, 520), (1330, 380, 590))
    ):
        b.plaster(c, poly([(x, 1000), (x, y), (x + w, y), (x + w, 1000)]), "#ece6d8", 8, (x, y, w, 440))
        b.lattice(c, x + w * 0.4, y + 60, 60, 76)
        b.tiles(c, x, y, w, 84, rows=5)
    for x, y, r in ((120, 900, 190), (520, 930, 150), (1000, 910, 180), (1420, 920, 200)):
        n.leaves(c, x, y, r, r * 0.6, ("#5f8a5a", "#83a96f", "#abc587"), 150, 16)
    c.rect(0, 0, WIDTH, 1000, "#eaf0ee", opacity=0.3)
    for k in range(27):
        c.rect(k * 62 - 8, 690, 14, 330, c.fade([(0, "#5b6b66"), (1, "#3f4d49")], 0, 0, 1, 0), 5)
    c.rect(-10, 670, 1620, 34, c.fade([(0, "#8c9b94"), (1, "#4d5b56")]), 10)
    c.rect(0, 960, WIDTH, 240, c.fade([(0, "#c7b79e"), (1, "#9a876c")]))
    for k in range(9):
        c.line([(k * 220 - 80, 960), (k * 300 - 380, 1200)], "#857358", 4, soft=False, opacity=0.7)
    c.line([(0, 1060), (WIDTH, 1060)], "#857358", 4, soft=False, opacity=0.6)
    t.planks(c, 90, 1010, 1290, 34, "#a87c50", 1, knots=2)
    for x in (150, 1320):
        c.rect(x - 24, 1040, 48, 120, "#7d5a38", 3)
    t.pot(c, 250, 1014, 190, 170, "#7d8f98")  # spider plant
    for k in range(30):
        a = c.between(-1.45, 1.45)
        ln = c.between(170, 260)
        tip = (250 + math.sin(a) * ln, 860 - math.cos(a) * ln * 0.75 + abs(a) * 60)
        c.line([(250, 855), (250 + math.sin(a) * ln * 0.5, 850 - math.cos(a) * ln * 0.75), tip], "#5f9a4f", 10)
        c.line([(250, 855), (250 + math.sin(a) * ln * 0.5, 850 - math.cos(a) * ln * 0.75), tip], "#d9e8b4", 3)
    t.pot(c, 560, 1014, 170, 150, "#b5623e")  # succulent rosettes
    for x, y, r in ((510, 850, 60), (610, 848, 64), (560, 800, 62)):
        for m, k in ((11, 1.0), (9, 0.72), (6, 0.42)):
            for i in range(m):
                a = i / m * 6.283 + k * 4
                c.form(
                    ring(x + math.cos(a) * r * k * 0.7, y + math.sin(a) * r * k * 0.55, r * 0.3, r * 0.24),
                    mix("#6f9f86", "#c7dcb8", 1 - k),
                    depth=6,
                )
    t.pot(c, 870, 1014, 220, 190, "#f0e7d6")  # the new one
    n.leaves(c, 870, 780, 150, 90, ("#2f6b3f", "#4a8a4c"), 160, 26)
    for _ in range(150):
        x, y = 870 + c.between(-170, 170), 690 + c.between(-100, 90)
        if ((x - 870) / 175) ** 2 + ((y - 690) / 105) ** 2 > 1:
            continue
        tone = c.rng.choice(("#f08fae", "#f6b1c6", "#e56f97", "#f9c9d6"))
        for i in range(4):
            c.ellipse(x + math.cos(i * 1.57) * 9, y + math.sin(i * 1.57) * 8, 10, 9, tone)
        c.ellipse(x, y, 3.5, 3.5, "#f9e08a")
    t.pot(c, 1170, 1014, 170, 160, "#a9543a")  # herbs
    n.leaves(c, 1170, 770, 105, 110, ("#4f8a3f", "#76ab55", "#a8cc74"), 260, 15)
    _watering_can(c, 1440, 1150, 150)
    c.beam([(900, 600), (1600, 560), (1600, 1200), (500, 1200)], "#fff0c0", 0.35, 50)
    return c, "day"


def _watering_can(c, x, y, w, colour="#efc12f"):
    c.shadow(x, y, w * 0.7, 18, 0.45)
    c.line([(x - w * 0.4, y - w * 0.3), (x - w * 0.95, y - w * 0.95)], dark(colour, 0.15), w * 0.12, soft=False)
    c.form(
        poly(
            [
                (x - w * 0.88, y - w * 1.08),
                (x - w * 1.18, y - w * 0.9),
                (x - w * 1.06, y - w * 0.8),
                (x - w * 0.84, y - w * 0.94),
            ]
        ),
        colour,
        depth=6,
    )
    c.path(
        f"M{x + w * 0.42} {y - w * 0.75}c{w * 0.5} {-w * 0.12} {w * 0.42} {w * 0.6} {-w * 0.02} {w * 0.5}",
        "none",
        dark(colour, 0.2),
        w * 0.09,
    )
    c.path(
        f"M{x - w * 0.4} {y - w * 0.85}C{x - w * 0.3} {y - w * 1.4} {x + w * 0.3} {y - w * 1.4} "
        f"{x + w * 0.4} {y - w * 0.85}",
        "none",
        dark(colour, 0.15),
        w * 0.08,
    )
    c.form(
        f"M{x - w * 0.45} {y - w * 0.86}L{x - w * 0.5} {y - 6}Q{x} {y + w * 0.12} {x + w * 0.5} "
        f"{y - 6}L{x + w * 0.45} {y - w * 0.86}Z",
        colour,
        depth=24,
    )
    c.ellipse(x, y - w * 0.86, w * 0.45, w * 0.1, light(colour, 0.3))
    c.ellipse(x + w * 0.08, y - w * 0.85, w * 0.3, w * 0.06, "#6a5214")
    for k in (0.25, 0.62):
        c.path(
            f"M{x - w * 0.48} {y - w * k}Q{x} {y - w * (k - 0.12)} {x + w * 0.48} {y - w * k}",
            "none",
            dark(colour, 0.25),
            4,
            opacity=0.6,
        )


SCENES = {"zh-sewing": sewing, "zh-balcony": balcony}
