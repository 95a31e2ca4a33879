"""顾秀芸's album: the market, and two old prints, a wedding and a kite."""

import math
from album import buildings as b
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, light, mix, poly, ring, smooth


def market():
    """A vegetable stall under a green umbrella; the seller behind it, lotus root and pumpkins in front."""
    c = Canvas(31, sun=(-0.6, -0.8))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#e9dcc0"), (0.55, "#cdb58e"), (1, "#7c6549")]))
    for x, w, h, tone in (
        (-20, 330, 420, "#c9b59a"),
        (300, 280, 360, "#b9a68e"),
        (1000, 300, 380, "#c2ac90"),
        (1290, 340, 440, "#b5a085"),
    ):
        c.rect(x, 560 - h, w, h + 60, c.fade([(0, light(tone, 0.3)), (1, tone)]))
        c.rect(x + w * 0.15, 600 - h * 0.6, w * 0.7, h * 0.5, dark(tone, 0.35), 4, opacity=0.7)
        b.awning(c, x + 20, 470 - h * 0.3, w - 40, 60, 12, (mix(tone, "#b8574a", 0.5), "#eadfc9"), 8)
    c.rect(0, 0, WIDTH, 620, "#f4e7cd", opacity=0.38)
    for x, y, h, coat, hair, style in (
        (170, 640, 300, "#7a8aa0", "#4a4240", "short"),
        (1440, 650, 320, "#a06a5a", "#8a8480", "bun"),
        (1330, 640, 290, "#5f7a6a", "#3a302d", "bob"),
    ):
        with c.group(opacity=0.75, filter=c.blur(1.6)):
            p.person(c, x, y, h, coat, "#565a66", hair, style)
    c.line([(800, 700), (800, 120)], "#8d7a5c", 18, soft=False)
    for k in range(10):
        a0, a1 = -760 + k * 152, -760 + (k + 1) * 152
        tone = "#2f8f56" if k % 2 else "#3fa866"
        c.path(
            f"M800 40Q{800 + a0 * 0.75} {70} {800 + a0} {300 - abs(a0) * 0.02}Q{800 + (a0 + a1) / 2} "
            f"{262 + 24} {800 + a1} {300 - abs(a1) * 0.02}Q{800 + a1 * 0.75} 70 800 40Z",
            c.fade([(0, light(tone, 0.35)), (1, dark(tone, 0.2))]),
        )
    c.rect(60, 296, 1480, 130, c.fade([(0, "#1c3a2a", 0.4), (1, "#1c3a2a", 0)]), filter=c.blur(8))
    _seller(c, 800, 820)
    t.planks(c, 90, 770, 1420, 60, "#9a7650", 2)
    c.rect(90, 826, 1420, 374, c.fade([(0, "#6a4e36"), (1, "#3d2c20")]))
    for k in range(9):
        c.line([(90 + k * 178, 830), (90 + k * 178, 1200)], "#2f2219", 4, soft=False, opacity=0.7)
    _produce(c)
    for k in range(3):  # crates of radishes and sweet potatoes below the counter
        x = 150 + k * 330
        for i in range(11):
            c.form(
                ring(x + 40 + (i % 6) * 40 + (i // 6) * 20, 1010 - (i // 6) * 26, 25, 22),
                ("#c8486a", "#a8603a", "#f0ece0")[k],
                depth=8,
            )
        t.planks(c, x, 1020, 300, 150, "#b58d5c", 3)
        c.path(box(x, 1020, 300, 150), "none", "#5c4329", 5)
    c.line([(1180, 250), (1180, 470)], "#4b4038", 3)
    c.path(ring(1180, 520, 58, 58), "#e9e4d6", "#6a5a48", 7)
    c.line([(1180, 520), (1206, 486)], "#c8302a", 4)
    for k in range(9):
        a = 2.4 + k * 0.55
        c.line(
            [(1180 + math.cos(a) * 44, 520 + math.sin(a) * 44), (1180 + math.cos(a) * 52, 520 + math.sin(a) * 52)],
            "#4b4038",
            3,
        )
    c.path("M1130 590Q1180 650 1230 590", "#b9b7ae", "#6a6a66", 4)
    p.person(
        c, 1370, 1330, 720, "#7a5a86", "#4a4a58", "#9a948e", "bun", arms=((-0.16, 0.34), (0.14, 0.36)), shadow=False
    )
    t.basket(c, 1250, 1160, 190)
    return c, "warm"


def _seller(c, x, y):
    h = 560
    with c.group(transform=f"translate({2 * x} 0) scale(-1 1)"):
        p.person(
            c, x, y + 140, h, "#3f6796", "#333338", "#2d2624", "bob", arms=((-0.2, 0.33), (0.21, 0.31)), shadow=False
        )
    r = h * 0.078
    hy = y + 140 - h + r * 1.05
    c.form(ring(x, hy + 6, r * 0.82, r * 0.95), "#e5b791", depth=9)
    c.form(
        smooth(
            [
                (x - r * 0.95, hy + r * 0.1),
                (x - r * 0.8, hy - r * 0.85),
                (x, hy - r * 1.12),
                (x + r * 0.8, hy - r * 0.85),
                (x + r * 0.95, hy + r * 0.1),
                (x + r * 0.55, hy - r * 0.35),
                (x - r * 0.35, hy - r * 0.5),
            ]
        ),
        "#2d2624",
        depth=8,
    )
    for side in (-1, 1):
        c.path(f"M{x + side * 15 - 7} {hy + 2}q7 -6 14 0", "none", "#3a2a22", 3)
        c.ellipse(x + side * 22, hy + 20, 9, 6, "#e08a78", opacity=0.5)
    c.path(f"M{x - 12} {hy + 25}q12 12 24 0", "none", "#a8544a", 3.4)
    c.form(
        smooth(
            [
                (x - 60, y - 220),
                (x + 60, y - 220),
                (x + 78, y - 60),
                (x + 84, y + 20),
                (x - 84, y + 20),
                (x - 78, y - 60),
            ]
        ),
        "#e9e2d2",
        depth=16,
    )
    c.line([(x - 50, y - 215), (x - 34, y - 275)], "#e9e2d2", 10)
    c.line([(x + 50, y - 215), (x + 34, y - 275)], "#e9e2d2", 10)


def _produce(c):
    for k in range(26):  # greens, left
        x, y = 190 + (k % 6) * 46 + c.between(-12, 12), 740 - (k // 6) * 20
        c.form(
            smooth([(x, y + 30), (x - 10, y), (x - 30, y - 34), (x - 6, y - 62), (x + 22, y - 44), (x + 12, y)]),
            c.rng.choice(("#4f8f3f", "#6aa84a", "#3f7a3a")),
            depth=9,
        )
        c.line([(x, y + 34), (x + 1, y - 30)], "#dfeccb", 6, opacity=0.85)
    for x, y, s in ((520, 742, 1.0), (650, 752, 1.1), (590, 690, 0.9)):  # lotus root
        for k, (dx, w) in enumerate(((-96, 40), (-30, 46), (44, 44))):
            c.form(ring(x + dx * s, y - k * 7, w * s * 1.0, 30 * s), "#d9b994", depth=11, shade=0.42)
            c.ellipse(x + (dx + w * 0.98) * s, y - k * 7 - 3, 8 * s, 20 * s, "#8a6a4a", opacity=0.75)
        ex, ey = x + 88 * s, y - 14
        c.form(ring(ex, ey, 17 * s, 26 * s), "#f3e6cd", depth=4)
        for a in range(7):
            hx, hy = ((0, 0), (0, -14), (9, -6), (9, 7), (0, 14), (-9, 7), (-9, -6))[a]
            c.ellipse(ex + hx * s * 0.75, ey + hy * s, 3.2 * s, 4.2 * s, "#7a5a3e")
    for x, y, r in ((930, 720, 74), (1060, 732, 66), (990, 650, 60)):  # pumpkins
        c.shadow(x, y + r * 0.7, r, 14, 0.4)
        for k in (-0.7, 0.7, -0.36, 0.36, 0):
            c.form(ring(x + k * r * 0.8, y, r * 0.5, r * 0.74), "#e08a2e", depth=12, shade=0.4)
        c.form(
            smooth([(x - 7, y - r * 0.62), (x - 3, y - r * 1.0), (x + 14, y - r * 1.02), (x + 9, y - r * 0.62)]),
            "#6a7a3a",
            depth=4,
        )
    for k in range(17):  # tomatoes, right
        x, y = 1200 + (k % 6) * 48 + (k // 6) * 24, 748 - (k // 6) * 40
        c.form(ring(x, y, 28, 25), "#d83a2c", depth=9, shine=0.5)
        c.path(f"M{x - 9} {y - 22}l9 5l9 -6l-5 8l-8 1Z", "#3f7a3a")
    for x, w in ((150, 320), (480, 320), (850, 320), (1160, 340)):  # baskets' fronts
        d = f"M{x} 760h{w}l-22 96h{44 - w}Z"
        c.form(d, "#b98e52", depth=14)
        with c.group(clip_path=c.clip(d)):
            for j in range(5):
                for i in range(int(w / 22) + 1):
                    c.path(f"M{x + i * 22 - (j % 2) * 11} {770 + j * 20}q11 -8 22 0", "none", "#6d4f29", 4, opacity=0.7)
    for x, y in ((760, 770), (772, 764), (784, 772), (748, 774)):  # a bunch of spring onions
        c.line([(x - 20, y), (x + 30, y - 30), (x + 60, y - 78)], "#5da04a", 6)
        c.line([(x - 20, y), (x - 50, y + 22)], "#f3f1e2", 6)
    c.line([(730, 776), (790, 764)], "#c8403a", 7)


def wedding():
    """1976: a couple from behind, he pushes a bicycle with a big red paper flower over a stone bridge."""
    c = Canvas(59, sun=(-0.7, -0.7))
    n.sky(c, [(0, "#b9bcc0"), (1, "#e2e2de")], 800)
    for x, y, w, h, k in (
        (-60, 720, 380, 420, 2),
        (300, 720, 260, 330, 2),
        (1120, 720, 260, 340, 2),
        (1360, 720, 330, 430, 2),
    ):
        b.river_house(c, x, y, w, h, wall="#dcdad4", windows=k)
    n.water(c, 715, 1000, "#b9bab8", "#777a7c", 90)
    n.willow(c, 300, 60, 260, 460, ("#6d7a68", "#8d9a86", "#a8b29c"), 26)
    d = smooth([(-40, 1010), (300, 860), (800, 780), (1300, 860), (1640, 1010)], False) + "L1640 1260L-40 1260Z"
    b.stone_courses(c, d, (-40, 760, 1700, 460), "#9a948c", 62)
    c.path(d, c.fade([(0, "#ffffff", 0.28), (1, "#22202a", 0.45)]))
    for side in (-1, 1):
        for k in range(4):
            x = 800 + side * (470 + k * 110)
            y = 800 + k * 62
            c.rect(x - 20, y - 150, 40, 190, c.fade([(0, "#c9c5bc"), (1, "#8f8a82")], 0, 0, 1, 0), 4)
            c.ellipse(x, y - 156, 25, 20, "#d2cec6")
        c.line([(800 + side * 450, 700), (800 + side * 640, 770), (800 + side * 830, 880)], "#b5b0a6", 24)
    for _ in range(170):  # drizzle
        x, y = c.between(0, WIDTH), c.between(0, 1150)
        c.line([(x, y), (x - 5, y + 26)], "#ffffff", 1.3, soft=False, opacity=0.4)
    p.person(c, 640, 1110, 560, "#8c8f96", "#6a6d76", "#26221f", "plait", arms=((-0.13, 0.38), (0.2, 0.27)))
    p.person(c, 880, 1110, 610, "#e3e1da", "#3d3f46", "#1f1c1a", "short", arms=((-0.2, 0.31), (0.17, 0.4)))
    t.bicycle(c, 1060, 1115, 118, colour="#2b2c30")
    _paper_flower(c, 1178, 842, 92)
    return c, "sepia"


def _paper_flower(c, x, y, r):
    for side in (-1, 1):
        c.form(
            smooth(
                [
                    (x, y + r * 0.4),
                    (x + side * r * 0.25, y + r * 1.3),
                    (x + side * r * 0.6, y + r * 1.9),
                    (x + side * r * 0.2, y + r * 1.75),
                    (x - side * r * 0.05, y + r * 0.8),
                ]
            ),
            "#d0221e",
            depth=8,
        )
    for k, m in ((1, 12), (0.74, 10), (0.48, 8), (0.24, 5)):
        for i in range(m):
            a = i / m * 6.283 + k * 3
            c.form(
                ring(x + math.cos(a) * r * k * 0.68, y + math.sin(a) * r * k * 0.68, r * 0.3, r * 0.26),
                "#e02822",
                depth=r * 0.07,
                shade=0.4,
            )


def kite():
    """1988: a boy runs with a swallow kite below the old city wall; his mother watches."""
    c = Canvas(61, sun=(0.6, -0.8))
    n.sky(c, [(0, "#7fb0d0"), (0.7, "#cfe0dc"), (1, "#eee6cc")], 800)
    n.cloud(c, 330, 210, 430, opacity=0.8)
    n.cloud(c, 1240, 330, 330, opacity=0.6)
    d = "M-20 800V560" + "h70v-44h70v44" * 11 + "h90V800Z"
    b.stone_courses(c, d, (-20, 500, 1660, 310), "#8f8678", 30)
    c.path("M1150 800V700a70 80 0 0 1 140 0V800Z", "#3b352f")
    n.tree(c, 220, 800, 330, ("#5d8446", "#83a556", "#b3c46c"), count=260)
    n.tree(c, 1460, 810, 290, ("#5d8446", "#83a556", "#b3c46c"), count=240)
    c.rect(0, 790, WIDTH, 420, c.fade([(0, "#a9b86a"), (1, "#64863f")]))
    n.grass(c, 0, WIDTH, 800, 1200, ("#7f9c4a", "#97ae58", "#5f8140", "#b9c272"), 900, 36)
    for _ in range(60):
        x, y = c.between(0, WIDTH), c.between(860, 1190)
        c.ellipse(x, y, 6, 5, c.rng.choice(("#f3e28a", "#f6f1e2")), opacity=0.9)
    c.line([(742, 910), (860, 640), (1010, 330)], "#f8f4e6", 2.2, opacity=0.9)
    _swallow_kite(c, 1030, 260, 190)
    p.person(
        c, 690, 1120, 300, "#c2463c", "#3b4f7a", "#231f1d", "child", arms=((-0.26, 0.14), (0.16, 0.1)), stride=0.09
    )
    p.person(
        c, 390, 1100, 460, "#5f86a8", "#4a4a58", "#2a2422", "bob", skirt="#4a5a7a", arms=((-0.13, 0.38), (0.22, 0.06))
    )
    c.form(ring(880, 1150, 26, 11), "#3a4f80", depth=5)
    c.form(ring(898, 1144, 14, 12), "#3a4f80", depth=4)
    c.line([(866, 1156), (906, 1156)], "#f4efe2", 5)
    return c, "eighties"


def _swallow_kite(c, x, y, s):
    with c.group(transform=f"rotate(-14 {x} {y})"):
        wing = (
            f"M{x} {y - s * 0.1}C{x - s * 0.5} {y - s * 0.6} {x - s * 1.0} {y - s * 0.5} {x - s * 1.25} "
            f"{y - s * 0.02}C{x - s * 0.8} {y - s * 0.1} {x - s * 0.4} {y + s * 0.15} {x} {y + s * 0.22}C{x + s * 0.4} "
            f"{y + s * 0.15} {x + s * 0.8} {y - s * 0.1} {x + s * 1.25} {y - s * 0.02}C{x + s * 1.0} "
            f"{y - s * 0.5} {x + s * 0.5} {y - s * 0.6} {x} {y - s * 0.1}Z"
        )
        c.form(wing, "#2c2f38", depth=10)
        for side in (-1, 1):
            c.path(
                smooth(
                    [
                        (x + side * s * 0.3, y - s * 0.12),
                        (x + side * s * 0.7, y - s * 0.34),
                        (x + side * s * 0.98, y - s * 0.22),
                        (x + side * s * 0.6, y - s * 0.06),
                    ]
                ),
                "#d8402f",
            )
            c.ellipse(x + side * s * 0.66, y - s * 0.2, s * 0.07, s * 0.06, "#f2c84a")
            c.form(
                poly(
                    [
                        (x, y + s * 0.3),
                        (x + side * s * 0.1, y + s * 0.28),
                        (x + side * s * 0.5, y + s * 0.98),
                        (x + side * s * 0.24, y + s * 0.86),
                    ]
                ),
                "#2c2f38",
                depth=6,
            )
        c.form(
            smooth(
                [
                    (x - s * 0.16, y - s * 0.1),
                    (x, y - s * 0.42),
                    (x + s * 0.16, y - s * 0.1),
                    (x + s * 0.14, y + s * 0.3),
                    (x, y + s * 0.46),
                    (x - s * 0.14, y + s * 0.3),
                ]
            ),
            "#f4efe0",
            depth=8,
        )
        c.form(ring(x, y - s * 0.26, s * 0.17, s * 0.16), "#2c2f38", depth=6)
        for side in (-1, 1):
            c.ellipse(x + side * s * 0.08, y - s * 0.29, s * 0.045, s * 0.045, "#ffffff")
            c.ellipse(x + side * s * 0.08, y - s * 0.29, s * 0.022, s * 0.022, "#111111")
        c.path(f"M{x - s * 0.06} {y - s * 0.2}h{s * 0.12}l{-s * 0.06} {s * 0.08}Z", "#f2a63a")


SCENES = {"zh-market": market, "zh-wedding": wedding, "zh-kite": kite}
