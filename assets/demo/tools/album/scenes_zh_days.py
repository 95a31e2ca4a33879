"""顾秀芸's album: wontons, the library, the factory hall of 1969."""

import math

from album import nature as n
from album import people as p
from album import things as t
from album.buildings import window
from album.canvas import WIDTH, Canvas, box, dark, light, mix, poly, ring, smooth


def wonton():
    """A round bamboo tray of two dozen wontons, one of them like a little boat; filling, wrappers, flour."""
    c = Canvas(113, sun=(-0.7, -0.8))
    t.planks(c, 0, 0, WIDTH, 1200, "#b98a58", 6)
    c.beam([(0, 0), (900, 0), (1300, 1200), (100, 1200)], "#fff3d0", 0.5, 60)
    c.shadow(800, 720, 580, 420, 0.4)
    c.form(ring(780, 660, 590, 440), "#c9a25e", depth=26)
    tray = ring(780, 656, 545, 400)
    c.path(tray, c.glow([(0, "#ecd39c"), (1, "#cfa964")]))
    with c.group(clip_path=c.clip(tray)):
        for k in range(34):
            for m in range(25):
                x, y = 220 + k * 34 + (m % 2) * 17, 260 + m * 33
                c.rect(x, y, 30, 14, c.rng.choice(("#dcbb7c", "#e9cf98", "#c9a45f")), 3, opacity=0.7)
        for _ in range(26):
            c.ellipse(
                780 + c.between(-440, 440),
                656 + c.between(-320, 320),
                c.between(10, 46),
                c.between(6, 26),
                "#fffaf0",
                opacity=0.3,
                filter=c.blur(8),
            )
    rows = ((404, 4, 620), (530, 6, 440), (664, 6, 440), (798, 5, 520), (922, 3, 630))
    count = 0
    for y, m, x0 in rows:
        for i in range(m):
            count += 1
            x = x0 + i * (132 if m > 4 else 126)
            if (y, i) == (922, 2):
                _boat_wonton(c, x + 40, y - 6)
            else:
                _wonton(c, x, y, 66)
    assert count == 24, "the memory says two dozen"
    t.bowl(c, 1390, 300, 190, "#e9e2d2", flat=0.62, deep=0.4, inside="#7d8f4f", pattern="#3f6fae")
    for _ in range(190):
        a, r = c.between(0, 6.28), math.sqrt(c.between(0, 1))
        x, y = 1390 + math.cos(a) * r * 145, 308 + math.sin(a) * r * 84 - (1 - r) * 30
        c.ellipse(
            x,
            y,
            c.between(6, 14),
            c.between(4, 9),
            c.rng.choice(("#5f8a3f", "#86a85a", "#d99a8a", "#c47a6a", "#3f6b30", "#e6b7a6")),
            opacity=0.95,
        )
    c.line([(1330, 280), (1190, 80)], "#8a4a32", 13, soft=False)
    c.line([(1352, 270), (1230, 66)], "#6a3424", 13, soft=False)
    for k in range(9):  # wrappers
        x, y = 1330 + k * 2, 1040 - k * 6
        c.path(
            poly([(x - 110, y), (x + 20, y - 70), (x + 150, y - 10), (x + 10, y + 66)]),
            mix("#f7efd9", "#dccaa4", (k % 2) * 0.5),
            "#bda77c",
            1.5,
        )
    c.ellipse(1352, 985, 40, 17, "#ffffff", opacity=0.7, filter=c.blur(6))
    t.bowl(c, 190, 1010, 120, "#f4efe4", flat=0.55, deep=0.4, inside="#dfe9ea")
    for _ in range(140):
        c.ellipse(c.between(20, 1580), c.between(30, 1180), c.between(1.5, 5), c.between(1, 3), "#fffaf0", opacity=0.5)
    return c, "warm"


def _wonton(c, x, y, r):
    """A folded wonton: a plump body and two crossed wings."""
    c.shadow(x + 8, y + r * 0.42, r * 1.05, r * 0.26, 0.5)
    turn = c.between(-9, 9)
    with c.group(transform=f"rotate({turn:.1f} {x} {y})"):
        c.form(
            smooth(
                [
                    (x - r * 1.05, y + r * 0.1),
                    (x - r * 0.7, y - r * 0.5),
                    (x, y - r * 0.75),
                    (x + r * 0.7, y - r * 0.5),
                    (x + r * 1.05, y + r * 0.1),
                    (x, y - r * 0.05),
                ]
            ),
            "#f4e8cb",
            depth=9,
            shade=0.28,
        )
        c.form(
            smooth(
                [
                    (x - r * 0.62, y - r * 0.06),
                    (x, y - r * 0.34),
                    (x + r * 0.62, y - r * 0.06),
                    (x + r * 0.5, y + r * 0.42),
                    (x, y + r * 0.54),
                    (x - r * 0.5, y + r * 0.42),
                ]
            ),
            "#f1dfc0",
            depth=12,
            shade=0.32,
        )
        c.ellipse(x, y + r * 0.16, r * 0.34, r * 0.22, "#8fa86a", opacity=0.4, filter=c.blur(7))
        for side in (-1, 1):
            c.form(
                smooth(
                    [
                        (x + side * r * 1.02, y + r * 0.04),
                        (x + side * r * 0.5, y + r * 0.02),
                        (x - side * r * 0.1, y + r * 0.42),
                        (x + side * r * 0.2, y + r * 0.56),
                        (x + side * r * 0.8, y + r * 0.3),
                    ]
                ),
                "#f7ecd2",
                depth=7,
                shade=0.3,
            )
        c.path(f"M{x - r * 0.3} {y - r * 0.5}q{r * 0.3} {-r * 0.14} {r * 0.6} 0", "none", "#cdb88e", 2.4, opacity=0.8)


def _boat_wonton(c, x, y):
    c.shadow(x + 8, y + 40, 92, 20, 0.5)
    c.form(
        smooth(
            [
                (x - 96, y - 26),
                (x - 50, y + 6),
                (x + 50, y + 6),
                (x + 104, y - 40),
                (x + 70, y + 36),
                (x, y + 50),
                (x - 62, y + 36),
            ]
        ),
        "#f4e8cb",
        depth=13,
        shade=0.32,
    )
    c.form(
        smooth([(x - 44, y + 4), (x - 20, y - 26), (x + 24, y - 26), (x + 44, y + 4), (x, y + 12)]), "#9fb072", depth=8
    )
    c.form(poly([(x - 2, y - 20), (x + 4, y - 98), (x + 62, y - 34)]), "#fbf3de", depth=7, shade=0.26)
    c.line([(x, y - 10), (x + 3, y - 102)], "#b98a4e", 5, soft=False)


def library():
    """A reading room: a grandmother and a child at the window table, from behind; books; a string of paper cranes."""
    c = Canvas(127, sun=(0.5, -0.9))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#e9dcc3"), (1, "#c2a985")]))

    def outside():
        n.sky(c, [(0, "#bcdcea"), (1, "#eef0dc")], 800)
        n.tree(c, 640, 760, 560, ("#6a9a55", "#8fba68", "#bcd588"), count=420, size=20)
        n.tree(c, 1010, 770, 420, ("#5f8f4c", "#86b060", "#b3cf7c"), count=300, size=18)
        c.rect(0, 700, WIDTH, 100, "#a9c07f")

    window(c, 470, 90, 660, 640, "#f4efe4", (3, 2), outside, 14)
    for x0 in (-30, 1210):
        c.rect(x0, 40, 420, 860, c.fade([(0, "#8a5c3a"), (1, "#5f3d25")]), 4)
        for j in range(5):
            c.rect(x0 + 20, 62 + j * 166, 380, 142, "#3d2818")
            x = x0 + 26
            while x < x0 + 372:
                w, h = c.between(16, 36), c.between(92, 132)
                if c.between(0, 1) > 0.08:
                    tone = c.rng.choice(
                        ("#a8453a", "#3f6f8f", "#d9a441", "#5f8a5a", "#7a5a8a", "#e6dcc6", "#c77a4a", "#4a5a7a")
                    )
                    c.rect(
                        x,
                        204 + j * 166 - h,
                        w - 3,
                        h,
                        c.fade([(0, light(tone, 0.15)), (0.5, tone), (1, dark(tone, 0.3))], 0, 0, 1, 0),
                        2,
                    )
                    c.rect(x + 2, 204 + j * 166 - h * 0.8, w - 7, 7, "#f4ead0", opacity=0.6)
                x += w
            c.rect(x0 + 10, 204 + j * 166, 400, 18, c.fade([(0, "#b07c50"), (1, "#6f4a2e")]))
    c.line([(410, 70), (800, 150), (1200, 70)], "#6a5a48", 2.5)
    for k in range(9):
        u = k / 8
        x, y = 430 + u * 740, 74 + math.sin(u * 3.14) * 78
        ln = (70, 130, 90, 160, 110, 150, 84, 130, 76)[k]
        c.line([(x, y), (x, y + ln)], "#8a7a66", 1.6)
        _crane(
            c,
            x,
            y + ln,
            46,
            ("#e0574a", "#f2c14e", "#4f9ac2", "#f08fae", "#6fb27a", "#e98a3c", "#9a7ac2", "#e0574a", "#4f9ac2")[k],
        )
    c.rect(0, 880, WIDTH, 320, c.fade([(0, "#b08a60"), (1, "#7d5c3c")]))
    c.beam([(520, 760), (1120, 760), (1350, 1200), (250, 1200)], "#fff6d6", 0.7, 36)
    t.planks(c, 330, 830, 940, 60, "#c39660", 2)
    c.rect(330, 888, 940, 22, "#7d5634")
    for x in (370, 1200):
        c.rect(x, 906, 34, 230, "#6f4a2c")
    for k, (tone, w) in enumerate((("#3f6f8f", 190), ("#d9a441", 170), ("#a8453a", 180))):
        c.form(box(1010 - k * 6, 802 - k * 30, w, 30, 4), tone, depth=5)
        c.rect(1016 - k * 6, 808 - k * 30, w - 12, 18, "#f4ecd9", opacity=0.35)
    for x, y, tone in ((520, 822, "#e0574a"), (590, 826, "#f2c14e"), (470, 830, "#4f9ac2")):
        _crane(c, x, y - 14, 34, tone)
    p.seated(c, 690, 1150, 430, "#8a5a72", "#a39c94", "bun", scarf="#e9dcc3")
    p.seated(c, 930, 1150, 350, "#e0b23c", "#2a2220", "child-plaits")
    return c, "day"


def _crane(c, x, y, s, colour):
    """A folded paper crane hanging from (x, y)."""
    c.path(
        poly([(x - s * 0.1, y + s * 0.3), (x - s * 0.95, y - s * 0.35), (x + s * 0.1, y + s * 0.1)]), dark(colour, 0.18)
    )
    c.path(poly([(x, y), (x + s * 0.9, y - s * 0.15), (x + s * 0.1, y + s * 0.42)]), light(colour, 0.2))
    c.path(poly([(x - s * 0.3, y + s * 0.15), (x + s * 0.32, y + s * 0.1), (x, y + s * 0.62)]), colour)
    c.path(
        poly(
            [
                (x - s * 0.2, y + s * 0.28),
                (x - s * 0.7, y + s * 0.5),
                (x - s * 0.62, y + s * 0.18),
                (x - s * 0.86, y + s * 0.1),
                (x - s * 0.58, y + s * 0.05),
            ]
        ),
        light(colour, 0.1),
    )
    c.path(
        poly([(x + s * 0.2, y + s * 0.25), (x + s * 0.85, y + s * 0.42), (x + s * 0.15, y + s * 0.45)]),
        dark(colour, 0.1),
    )


def factory():
    """1969: a sewing hall with tall windows, twelve machines in a row, women from behind."""
    c = Canvas(131, sun=(-0.8, -0.6))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#c9c6bf"), (1, "#77736c")]))
    for k in range(6):
        x = 40 + k * 262
        c.rect(x, 60, 200, 430, c.fade([(0, "#f7f7f4"), (1, "#dcdcd6")]))
        for i in range(4):
            c.rect(x + i * 66 - 4, 60, 8, 430, "#6a675f")
        for j in range(5):
            c.rect(x - 4, 56 + j * 106, 208, 8, "#6a675f")
        c.beam([(x + 20, 490), (x + 220, 490), (x + 520, 1200), (x + 240, 1200)], "#ffffff", 0.5, 24)
    c.rect(0, 0, WIDTH, 46, "#56534d")
    for k in range(5):
        x = 160 + k * 320
        c.line([(x, 40), (x, 140)], "#3a3833", 4, soft=False)
        c.path(f"M{x - 54} 176Q{x} 116 {x + 54} 176Z", "#3f3d38")
        c.ellipse(x, 176, 30, 10, "#ffffff")
    c.rect(0, 640, WIDTH, 560, c.fade([(0, "#9a968e"), (1, "#5c5852")]))
    for k in range(14):
        c.line([(800 + (k - 7) * 90, 640), (800 + (k - 7) * 250, 1200)], "#4a4742", 3, soft=False, opacity=0.5)
    for row, (y, s, m) in enumerate(((640, 0.52, 12), (930, 1.0, 6))):
        t.planks(c, -20, y - 40 * s, 1640, 70 * s, "#8a7f70", 2, knots=2)
        for k in range(m):
            x = (k + 0.5) * WIDTH / m
            _small_machine(c, x + 20 * s, y - 34 * s, s)
            tone = c.rng.choice(("#e6e3dc", "#b9b5ac", "#8f8b84"))
            cloth = smooth(
                [
                    (x - 70 * s, y - 36 * s),
                    (x - 10 * s, y - 44 * s),
                    (x + 20 * s, y - 20 * s),
                    (x - 30 * s, y + 50 * s),
                    (x - 80 * s, y + 40 * s),
                ]
            )
            c.form(cloth, tone, depth=10 * s)
        for k in range(m):
            x = (k + 0.5) * WIDTH / m
            young = row == 1 and k == 2
            p.seated(
                c,
                x,
                y + 240 * s,
                300 * s,
                "#5a5853" if not young else "#d8d5cd",
                "#2a2826" if k % 4 else "#6a6762",
                "child-plaits" if young else ("bob", "bun", "short")[k % 3],
                stool="#3a3833",
            )
    p.person(c, 1330, 1190, 520, "#6f6b64", "#3f3d39", "#4a4844", "short", arms=((-0.16, 0.32), (0.1, 0.36)))
    return c, "sepia"


def _small_machine(c, x, y, s):
    k = s * 0.36
    with c.group(transform=f"translate({x:.1f} {y:.1f}) scale({k:.3f})"):
        black = "#2c2b29"
        c.form(box(-250, -40, 520, 46, 12), black, depth=10, shine=0.4)
        c.form(
            "M150 -40L160 -190Q150 -236 60 -240L-150 -236Q-210 -236 -214 -96L-158 -96L-154 -150Q-144 "
            "-172 -100 -172L40 -176Q82 -172 84 -40Z",
            black,
            depth=20,
            shine=0.5,
        )
        c.form(ring(190, -176, 30, 82), "#3c3b38", depth=12, shine=0.5)


SCENES = {"zh-wonton": wonton, "zh-library": library, "zh-factory": factory}
