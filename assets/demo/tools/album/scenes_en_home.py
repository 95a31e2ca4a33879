"""Frank Delaney's album: indoors — piano, pie, radio, dog, choir — and two old prints."""

import math

from album import buildings as b
from album import nature as n
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, light, poly, ring, smooth


def piano():
    """An upright piano with its lid open: on it a metronome and a brass lamp, at the keys a fork and a thimble."""
    c = Canvas(307, sun=(-0.6, -0.8))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#a9b9a4"), (1, "#7f8f7c")]))
    for k in range(21):
        for j in range(9):
            x, y = k * 84 + (j % 2) * 42, 40 + j * 120
            c.path(
                f"M{x} {y}c10 -20 26 -6 14 10c18 -6 20 16 0 16c4 18 -18 18 -14 0c-20 0 -18 -22 0 -16c-12 "
                "-16 4 -30 0 -10Z",
                "#8fa08a",
                opacity=0.45,
            )
    c.rect(0, 1080, WIDTH, 120, c.fade([(0, "#7d5a3c"), (1, "#5a3e28")]))
    c.shadow(800, 1100, 700, 40, 0.5)
    wood = "#7a4324"
    c.form(box(160, 350, 1280, 740, 10), wood, depth=24)
    c.rect(190, 400, 1220, 320, c.fade([(0, "#2a1a12"), (1, "#4a2e1e")]))
    for k in range(58):  # strings and hammers
        x = 206 + k * 21
        c.line([(x, 404), (x + 40, 660)], "#d9b76a" if k < 22 else "#c9ccd0", 2.4, soft=False, opacity=0.8)
        c.line([(x + 10, 700), (x + 14, 610)], "#c79a62", 4, soft=False)
        c.form(smooth([(x + 4, 604), (x + 14, 584), (x + 24, 604), (x + 14, 616)]), "#efe6d2", depth=4)
    c.path("M190 560Q700 420 1410 640", "none", "#c9a14a", 17, opacity=0.9)
    c.rect(190, 690, 1220, 34, "#a8302a", opacity=0.85)
    c.rect(130, 720, 1340, 46, c.fade([(0, light(wood, 0.25)), (1, wood)]), 6)
    _keys(c, 190, 766, 1220, 120)
    c.rect(120, 886, 1360, 52, c.fade([(0, light(wood, 0.3)), (1, dark(wood, 0.2))]), 8)
    for x in (150, 1380):
        c.form(
            smooth([(x, 938), (x + 70, 938), (x + 56, 1010), (x + 62, 1090), (x + 8, 1090), (x + 14, 1010)]),
            wood,
            depth=12,
        )
    c.rect(140, 318, 1320, 40, c.fade([(0, light(wood, 0.3)), (1, wood)]), 6)
    _metronome(c, 800, 322, 230)
    c.line([(1190, 318), (1190, 160), (1130, 110)], "#c99a3a", 13)
    c.form(ring(1190, 312, 74, 17), "#d9a83a", depth=8, shine=0.5)
    c.form("M1010 140Q1080 40 1200 96L1180 150Q1090 150 1010 140Z", "#d9a83a", depth=12, shine=0.5)
    c.halo(1080, 190, 420, "#ffdf9a", 0.75)
    c.path(poly([(1020, 146), (1170, 150), (1330, 700), (760, 700)]), c.fade([(0, "#fff0bf", 0.4), (1, "#fff0bf", 0)]))
    t.pot(c, 330, 320, 110, 96, "#4f7f9a")
    for k in range(16):
        a = c.between(-1.2, 1.2)
        c.line(
            [(330, 224), (330 + math.sin(a) * 60, 150), (330 + math.sin(a) * 130, 170 + abs(a) * 30)],
            c.rng.choice(("#4f8a4c", "#6fa85a", "#3f7040")),
            9,
        )
    c.line([(1130, 900), (1260, 912)], "#c9cdd4", 11, soft=False)
    for dy in (-15, 15):
        c.line([(1130, 900 + dy * 0.4), (1100, 898 + dy), (960, 886 + dy)], "#d5d9df", 8)
    c.form(
        smooth([(420, 884), (426, 846), (446, 834), (466, 846), (472, 884), (446, 892)]), "#c9ced6", depth=8, shine=0.6
    )
    for j in range(4):
        for i in range(5):
            c.ellipse(432 + i * 7 + (j % 2) * 3, 850 + j * 9, 1.8, 1.8, "#7d828c")
    c.form(ring(800, 1120, 210, 46), "#5a2f1c", depth=12)
    c.form(ring(800, 1106, 210, 44), "#8a2f34", depth=14)
    return c, "warm"


def _keys(c, x, y, w, h):
    c.rect(x, y, w, h, "#f6f0e2")
    n_white = 42
    for k in range(n_white + 1):
        c.line([(x + k * w / n_white, y), (x + k * w / n_white, y + h)], "#a9a090", 2, soft=False)
    c.rect(x, y, w, 18, c.fade([(0, "#1b1a2e", 0.5), (1, "#1b1a2e", 0)]))
    for k in range(n_white - 1):
        if k % 7 in (0, 1, 3, 4, 5):
            px = x + (k + 1) * w / n_white
            c.rect(px - 8, y, 17, h * 0.62, c.fade([(0, "#1d1b20"), (0.85, "#3a373f"), (1, "#17151a")]), 3)
    c.rect(x, y + h - 10, w, 10, "#d9cfba", opacity=0.7)


def _metronome(c, x, y, h):
    c.shadow(x + 10, y, h * 0.36, 12, 0.5)
    c.form(poly([(x - h * 0.3, y), (x - h * 0.1, y - h), (x + h * 0.1, y - h), (x + h * 0.3, y)]), "#9a5a2c", depth=14)
    c.form(
        poly(
            [
                (x - h * 0.2, y - h * 0.12),
                (x - h * 0.07, y - h * 0.88),
                (x + h * 0.07, y - h * 0.88),
                (x + h * 0.2, y - h * 0.12),
            ]
        ),
        "#f0e2c0",
        depth=6,
    )
    for k in range(9):
        c.line(
            [(x - h * 0.03, y - h * (0.2 + k * 0.07)), (x + h * 0.03, y - h * (0.2 + k * 0.07))],
            "#6a4a2c",
            2,
            soft=False,
        )
    c.line([(x, y - h * 0.14), (x + h * 0.22, y - h * 0.98)], "#5f6468", 6, soft=False)
    c.form(
        poly(
            [
                (x + h * 0.1, y - h * 0.72),
                (x + h * 0.2, y - h * 0.75),
                (x + h * 0.24, y - h * 0.64),
                (x + h * 0.12, y - h * 0.62),
            ]
        ),
        "#d9a83a",
        depth=5,
    )
    c.rect(x - h * 0.33, y - h * 0.09, h * 0.66, h * 0.09, "#7a4320", 4)


def pie():
    """A lemon meringue pie with one slice out, a blue jug, three lemons, a checked cloth."""
    c = Canvas(311, sun=(-0.7, -0.7))
    c.rect(0, 0, WIDTH, 520, c.fade([(0, "#dfe6dc"), (1, "#c6cfbf")]))

    def outside():
        n.sky(c, [(0, "#bfe0ee"), (1, "#f3f0da")], 420)
        n.tree(c, 300, 430, 420, ("#5f9250", "#86b362", "#b3d07c"), count=260, size=17)
        for _ in range(15):
            c.form(ring(c.between(190, 420), c.between(110, 300), 15, 13), "#f4cf3a", depth=4)

    b.window(c, 120, 40, 420, 340, "#f4efe4", (2, 2), outside)
    c.rect(760, 130, 700, 22, "#a9825a", 4)
    for k, tone in enumerate(("#d9806a", "#f0e2c0", "#7fa0b0", "#e0b84a")):
        c.form(box(800 + k * 150, 54 + (k % 2) * 14, 84, 78 - (k % 2) * 14, 12), tone, depth=10)
    t.table_top(c, 470, "#b58a5c", cloth="#c8434a")
    jx, jy = 1230, 760  # jug
    c.shadow(jx + 30, jy, 170, 30, 0.5)
    c.path(f"M{jx + 100} {jy - 300}c150 -20 130 200 -6 190", "none", dark("#2f5fae", 0.3), 40)
    c.path(f"M{jx + 100} {jy - 302}c146 -20 126 196 -6 186", "none", "#2f5fae", 26)
    c.form(
        smooth(
            [
                (jx - 100, jy - 400),
                (jx - 40, jy - 386),
                (jx + 94, jy - 396),
                (jx + 96, jy - 300),
                (jx + 140, jy - 140),
                (jx + 100, jy - 10),
                (jx, jy + 12),
                (jx - 100, jy - 10),
                (jx - 140, jy - 140),
                (jx - 92, jy - 300),
            ]
        ),
        "#2f5fae",
        depth=34,
        shade=0.45,
        shine=0.4,
    )
    c.ellipse(jx - 4, jy - 392, 96, 22, light("#2f5fae", 0.25))
    c.ellipse(jx - 4, jy - 386, 80, 16, "#1d3a70")
    for k in (-60, 0, 60):
        for i in range(6):
            a = i / 6 * 6.283
            c.ellipse(jx + k + math.cos(a) * 13, jy - 150 + math.sin(a) * 13, 8, 8, "#f3f6fb")
        c.ellipse(jx + k, jy - 150, 6, 6, "#f2c84a")
    _pie(c, 640, 810, 400)
    for x, y, a in ((1160, 960, -20), (1310, 1010, 25), (1110, 1080, 8)):
        _lemon(c, x, y, a)
    t.plate(c, 250, 1080, 190, 0.42, "#f6f1e6", "#2f5fae")
    c.line([(120, 1110), (400, 1060)], "#b9bcc2", 13, soft=False)
    c.form(poly([(100, 1096), (128, 1136), (30, 1170), (24, 1120)]), "#8a5a3a", depth=6)
    return c, "warm"


def _pie(c, x, y, r):
    f = 0.46
    c.shadow(x + 30, y + r * 0.2, r * 1.12, r * 0.42, 0.5)
    c.form(ring(x, y + r * 0.12, r * 1.08, r * f * 1.06), "#c9ced2", depth=16)
    c.form(
        f"M{x - r} {y}L{x - r * 0.9} {y + r * 0.2}A{r * 0.9} {r * f * 0.9} 0 0 0 {x + r * 0.9} "
        f"{y + r * 0.2}L{x + r} {y}Z",
        "#d9a35a",
        depth=18,
    )
    for k in range(27):  # crust
        a = k / 27 * 3.1416
        c.form(ring(x + math.cos(a) * r * 0.99, y + math.sin(a) * r * f * 0.99 + 4, 34, 24), "#dba75f", depth=8)
    c.path(ring(x, y - 6, r * 0.95, r * f * 0.94), "#f0c93a")
    c.path(
        f"M{x} {y - 10}L{x + r * 0.29} {y + r * f * 0.88}A{r * 0.93} {r * f * 0.92} 0 1 1 {x + r * 0.88} "
        f"{y + r * f * 0.26}Z",
        "#f3e6c6",
    )
    peaks = []
    for _ in range(150):
        a, q = c.between(0, 6.283), math.sqrt(c.between(0, 1)) * 0.9
        peaks.append((x + math.cos(a) * q * r, y - 10 + math.sin(a) * q * r * f, c.between(36, 62)))
    for px, py, s in sorted(peaks, key=lambda k: k[1]):
        if 0 < px - x + 20 and py - y > (px - x) * 0.12 and py - y > -6 and (px - x) < (py - y + 20) * 2.6:
            continue  # the slice that is gone
        c.form(
            smooth(
                [
                    (px - s, py + s * 0.34),
                    (px - s * 0.6, py - s * 0.34),
                    (px - s * 0.04, py - s * 1.02),
                    (px + s * 0.16, py - s * 0.86),
                    (px + s * 0.62, py - s * 0.26),
                    (px + s, py + s * 0.34),
                    (px, py + s * 0.56),
                ]
            ),
            "#fdf6e2",
            depth=13,
            shade=0.2,
        )
        c.path(
            f"M{px - s * 0.22:.1f} {py - s * 0.7:.1f}Q{px:.1f} {py - s * 1.1:.1f} {px + s * 0.2:.1f} "
            f"{py - s * 0.8:.1f}Q{px + s * 0.1:.1f} {py - s * 0.55:.1f} {px - s * 0.22:.1f} {py - s * 0.7:.1f}Z",
            "#c9853a",
            opacity=0.6,
            filter=c.blur(3),
        )
    ex1, ey1, ex2, ey2 = x + r * 0.93, y + r * f * 0.3, x + r * 0.3, y + r * f * 0.95
    c.path(f"M{x} {y}L{ex1} {ey1}A{r} {r * f} 0 0 1 {ex2} {ey2}Z", "#b9bfc4")
    c.path(
        f"M{x} {y + 8}L{ex1 - 10} {ey1 + 12}A{r} {r * f} 0 0 1 {ex2 + 6} {ey2 - 4}Z",
        c.fade([(0, "#8f969c"), (1, "#d5dadd")]),
    )
    for k in range(16):
        c.ellipse(x + c.between(40, r * 0.7), y + c.between(30, r * 0.34), c.between(3, 9), c.between(2, 4), "#d9a35a")
    c.path(f"M{x} {y - 50}L{ex1} {ey1 - 60}L{ex1} {ey1}L{x} {y + 6}Z", "#fbf3dc")
    c.path(f"M{x} {y - 18}L{ex1} {ey1 - 28}L{ex1} {ey1 + 6}L{x} {y + 10}Z", "#f0c93a")
    c.path(f"M{x} {y + 4}L{ex1} {ey1 - 2}L{ex1} {ey1 + 12}L{x} {y + 16}Z", "#c98f48")
    c.path(f"M{x} {y - 50}L{ex2} {ey2 - 60}L{ex2} {ey2}L{x} {y + 6}Z", "#efe4c6")
    c.path(f"M{x} {y - 18}L{ex2} {ey2 - 28}L{ex2} {ey2 + 6}L{x} {y + 10}Z", "#dfb42c")


def _lemon(c, x, y, turn):
    c.shadow(x + 14, y + 58, 92, 16, 0.45)
    with c.group(transform=f"rotate({turn} {x} {y})"):
        c.form(
            smooth(
                [
                    (x - 104, y),
                    (x - 84, y - 20),
                    (x - 30, y - 64),
                    (x + 40, y - 62),
                    (x + 86, y - 18),
                    (x + 112, y - 6),
                    (x + 112, y + 10),
                    (x + 84, y + 24),
                    (x + 34, y + 64),
                    (x - 36, y + 62),
                    (x - 86, y + 20),
                ]
            ),
            "#f3cf36",
            depth=20,
            shade=0.3,
            shine=0.45,
        )
        for _ in range(34):
            c.ellipse(x + c.between(-70, 74), y + c.between(-46, 46), 2.4, 2.2, "#c9a11f", opacity=0.5)


def radio():
    """An old wooden radio on a shelf by a rainy window, a fern, a blue mug."""
    c = Canvas(313, sun=(0.5, -0.8))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#5f7570"), (1, "#41524f")]))

    def outside():
        n.sky(c, [(0, "#8fa0ab"), (1, "#c3ccca")], 820)
        n.hills(c, 700, 170, "#71877f", 2, bottom=820, mist="#94a59d")
        for x, y, r in ((1080, 600, 120), (1400, 640, 150)):
            n.leaves(c, x, y, r, r * 0.8, ("#4f6f5a", "#678a70", "#86a688"), 150, 18)

    b.window(c, 900, 60, 620, 700, "#e9e2d2", (2, 2), outside, 16)
    for _ in range(190):
        x, y, k = c.between(905, 1515), c.between(70, 750), c.between(10, 44)
        c.line([(x, y), (x - 2, y + k)], "#ffffff", c.between(1.4, 3.4), opacity=0.42)
        c.ellipse(x - 2, y + k, 3.6, 4.6, "#ffffff", opacity=0.5)
    t.planks(c, 0, 820, WIDTH, 70, "#8a5c38", 1)
    c.rect(0, 886, WIDTH, 40, c.fade([(0, "#000000", 0.4), (1, "#000000", 0)]))
    c.rect(0, 888, WIDTH, 312, c.fade([(0, "#374743"), (1, "#2a3633")]))
    for x in (180, 1420):
        c.path(poly([(x - 20, 888), (x + 20, 888), (x + 20, 960), (x - 20, 1040)]), "#5f3f26")
    for k in range(11):  # books on the lower edge, blurred by closeness
        tone = ("#8a4a3f", "#3f5f7f", "#b58f4a", "#5f7f5a", "#7a5f7f", "#c9b998")[k % 6]
        c.rect(
            420 + k * 72,
            1040 - (k % 3) * 26,
            66,
            200,
            c.fade([(0, light(tone, 0.15)), (0.5, tone), (1, dark(tone, 0.35))], 0, 0, 1, 0),
            4,
        )
    x, y, w, h = 170, 330, 720, 496
    c.shadow(x + w / 2 + 30, y + h, w * 0.54, 26, 0.6)
    wood = "#9a5f34"
    c.form(
        f"M{x} {y + h}V{y + 130}Q{x} {y} {x + 140} {y}H{x + w - 140}Q{x + w} {y} {x + w} {y + 130}V{y + h}Z",
        wood,
        depth=28,
    )
    with c.group(
        clip_path=c.clip(
            f"M{x} {y + h}V{y + 130}Q{x} {y} {x + 140} {y}H{x + w - 140}Q{x + w} {y} {x + w} {y + 130}V{y + h}Z"
        )
    ):
        for _ in range(46):
            gy = y + c.between(0, h)
            c.line(
                [(x, gy), (x + w / 2, gy + c.between(-18, 18)), (x + w, gy)],
                c.rng.choice((dark(wood, 0.4), light(wood, 0.3))),
                c.between(1, 3),
                opacity=0.25,
            )
    c.rect(x + 50, y + 60, 380, 300, "#4a2e1c", 26)
    c.rect(x + 60, y + 70, 360, 280, "#d9c08a", 20)
    with c.group(clip_path=c.clip(box(x + 60, y + 70, 360, 280, 20))):
        for j in range(30):
            for i in range(38):
                c.ellipse(x + 66 + i * 10 + (j % 2) * 5, y + 74 + j * 10, 2.6, 2.6, "#9a7a42", opacity=0.8)
        for k in (120, 240, 360):
            c.rect(x + 60 + k - 66, y + 60, 14, 310, wood)
    c.rect(x + 466, y + 80, 204, 150, "#3a2416", 12)
    c.rect(x + 476, y + 90, 184, 130, c.glow([(0, "#fff3c4"), (0.6, "#f6cf7a"), (1, "#c98a3a")], 0.5, 0.5, 0.7), 8)
    c.halo(x + 568, y + 155, 220, "#ffd98a", 0.55)
    for k in range(13):
        a = 3.4 + k * 0.215
        c.line(
            [
                (x + 568 + math.cos(a) * 70, y + 214 + math.sin(a) * 96),
                (x + 568 + math.cos(a) * 80, y + 214 + math.sin(a) * 110),
            ],
            "#4a2e1c",
            3,
            soft=False,
        )
    c.line([(x + 568, y + 214), (x + 530, y + 116)], "#b8282a", 4, soft=False)
    for kx in (x + 500, x + 636):
        c.shadow(kx + 6, y + 318, 46, 40, 0.4)
        c.form(ring(kx, y + 308, 44, 44), "#3a2a20", depth=12, shine=0.45)
        c.path(ring(kx, y + 308, 30, 30), "none", "#d9b45a", 4)
        c.line([(kx, y + 308), (kx + 14, y + 282)], "#f0e2c0", 5, soft=False)
    for k in range(4):
        c.form(box(x + 110 + k * 130, y + 400, 90, 44, 8), "#efe2c4", depth=7)
    t.mug(c, 1030, 826, 150, "#2f5fae")
    t.steam(c, 1030, 660, 170, 2, 40, 0.35)
    t.pot(c, 1370, 826, 150, 130, "#b5623e")
    for k in range(17):
        a = -1.45 + k * 0.18
        tip = (1370 + math.sin(a) * 230, 700 - math.cos(a) * 210 + abs(a) * 90)
        mid = (1370 + math.sin(a) * 120, 640 - math.cos(a) * 140)
        c.line([(1370, 700), mid, tip], "#3f7a4a", 5)
        for q in range(1, 12):
            u = q / 12
            bx = (1 - u) ** 2 * 1370 + 2 * u * (1 - u) * mid[0] + u * u * tip[0]
            by = (1 - u) ** 2 * 700 + 2 * u * (1 - u) * mid[1] + u * u * tip[1]
            for side in (-1, 1):
                ln = 30 * (1 - u) + 8
                c.path(
                    f"M{bx:.1f} {by:.1f}q{side * ln * 0.5:.1f} {-ln * 0.7:.1f} {side * ln:.1f} {ln * 0.2:.1f}"
                    f"q{-side * ln * 0.5:.1f} "
                    f"{ln * 0.2:.1f} {-side * ln:.1f} {-ln * 0.2:.1f}Z",
                    c.rng.choice(("#4f9a5a", "#6fb56a", "#3f7f4a")),
                    opacity=0.95,
                )
    return c, "cool"


SCENES = {"en-piano": piano, "en-pie": pie, "en-radio": radio}
