"""Frank Delaney's album: the dog by the stove, the choir, the rose garden of 2011, the wedding of 1973."""

import math

from album import animals
from album import buildings as b
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, box, mix, poly, ring, smooth


def dog():
    """A grey dog asleep on a red tartan blanket before a stove, its nose on a slipper; a kettle on the stove."""
    c = Canvas(401, sun=(0.4, -0.8))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#d9c4a0"), (1, "#b08f66")]))
    for j in range(8):  # tiles behind the stove
        for i in range(9):
            x, y = 760 + i * 96, 20 + j * 96
            c.rect(x, y, 92, 92, mix("#e9e2d2", "#c9d3cc", c.between(0, 1)), 4)
            if (i + j) % 3 == 0:
                for k in range(4):
                    c.ellipse(
                        x + 46 + (k % 2 * 2 - 1) * 12, y + 46 + (k // 2 * 2 - 1) * 12, 10, 10, "#5f86a8", opacity=0.6
                    )
    t.planks(c, 0, 800, WIDTH, 400, "#9a6a42", 4)
    c.rect(0, 780, 760, 26, "#8a6a48")
    _stove(c, 1090, 820)
    c.shadow(330, 806, 270, 24, 0.5)
    for x in (120, 500):
        c.rect(x, 760, 34, 52, "#5a3c26", 4)
    c.form(smooth([(150, 330), (330, 270), (510, 330), (530, 600), (330, 640), (130, 600)]), "#6f8a6a", depth=34)
    c.form(box(130, 600, 400, 90, 40), "#86a37d", depth=18)
    c.form(box(120, 670, 420, 110, 26), "#6f8a6a", depth=20)
    for x in (60, 480):
        c.form(box(x, 520, 120, 260, 54), "#7a9673", depth=20)
    c.form(smooth([(240, 440), (370, 420), (430, 500), (400, 600), (270, 606), (210, 530)]), "#d9a441", depth=18)
    c.path(
        poly([(880, 820), (1340, 820), (1560, 1200), (420, 1200)]),
        c.fade([(0, "#ffb45c", 0.55), (1, "#ffb45c", 0)]),
        filter=c.blur(30),
        style="mix-blend-mode:soft-light",
    )
    _tartan(c, [(330, 960), (1280, 950), (1420, 1150), (200, 1165)])
    animals.sleeping_dog(c, 830, 1085, 700)
    _slipper(c, 452, 1098)
    c.halo(1090, 660, 520, "#ff9a3c", 0.4)
    return c, "warm"


def _stove(c, x, y):
    iron = "#3a3d44"
    c.rect(x + 120, -20, 70, 330, c.fade([(0, "#2c2e34"), (0.4, "#5a5d66"), (1, "#24262b")], 0, 0, 1, 0))
    c.shadow(x + 30, y + 10, 360, 30, 0.6)
    for k in (-290, 250):
        c.form(
            smooth([(x + k, y - 40), (x + k + 46, y - 40), (x + k + 36, y + 12), (x + k + 6, y + 12)]), iron, depth=8
        )
    c.form(box(x - 310, 330, 640, y - 370, 18), iron, depth=26, shine=0.4)
    c.form(box(x - 340, 300, 700, 44, 10), "#4a4d55", depth=10, shine=0.4)
    c.form(box(x - 180, 440, 360, 270, 14), "#2c2e34", depth=12)
    c.rect(
        x - 150,
        470,
        300,
        210,
        c.glow([(0, "#fff3b0"), (0.3, "#ffc04a"), (0.65, "#e8641f"), (1, "#7a1f10")], 0.5, 0.75, 0.75),
        10,
    )
    for k in range(7):
        fx, h = x - 120 + k * 40, c.between(80, 160)
        c.path(
            f"M{fx - 26} 680Q{fx - 30} {680 - h * 0.5:.0f} {fx} {680 - h:.0f}Q{fx + 30} {680 - h * 0.5:.0f} "
            f"{fx + 26} 680Z",
            ("#ffd45a", "#ff9a2c", "#ffe9a0")[k % 3],
            opacity=0.8,
            filter=c.blur(3),
        )
    c.path(box(x - 150, 470, 300, 210, 10), "none", "#1d1f24", 10)
    c.line([(x, 470), (x, 680)], "#1d1f24", 7, soft=False)
    c.form(ring(x + 212, 575, 13, 40), "#c9a24a", depth=6)
    c.shadow(x - 150, 302, 130, 14, 0.5)
    c.path(f"M{x - 230} 196C{x - 226} 90 {x - 74} 90 {x - 70} 196", "none", "#2c2e34", 15)
    c.form(
        smooth([(x - 240, 296), (x - 262, 240), (x - 210, 186), (x - 90, 186), (x - 38, 240), (x - 60, 296)]),
        "#3f7f8f",
        depth=20,
        shine=0.5,
    )
    c.form(smooth([(x - 56, 230), (x + 20, 186), (x + 34, 200), (x - 40, 270)]), "#3f7f8f", depth=8)
    c.form(ring(x - 150, 180, 52, 15), "#4f8f9f", depth=6)
    c.ellipse(x - 150, 162, 13, 13, "#2c2e34")
    t.steam(c, x + 46, 180, 150, 2, 26, 0.45)


def _tartan(c, corners):
    (ax, ay), (bx, by), (dx, dy), (ex, ey) = corners
    at = lambda u, v: (
        ax + (bx - ax) * u + ((ex + (dx - ex) * u) - (ax + (bx - ax) * u)) * v,
        ay + (by - ay) * u + ((ey + (dy - ey) * u) - (ay + (by - ay) * u)) * v,
    )
    d = poly(corners)
    c.cast(d, 0, 10, 12, 0.4)
    c.path(d, c.fade([(0, "#c8323a"), (1, "#a8242e")]))
    with c.group(clip_path=c.clip(d)):
        for k in range(10):
            u = k / 10
            c.path(poly([at(u, 0), at(u + 0.045, 0), at(u + 0.045, 1), at(u, 1)]), "#3a1420", opacity=0.45)
            c.line([at(u + 0.07, 0), at(u + 0.07, 1)], "#f0d9a0", 3, soft=False, opacity=0.7)
        for k in range(4):
            v = k / 4 + 0.06
            c.path(poly([at(0, v), at(1, v), at(1, v + 0.11), at(0, v + 0.11)]), "#3a1420", opacity=0.45)
            c.line([at(0, v + 0.16), at(1, v + 0.16)], "#f0d9a0", 3, soft=False, opacity=0.7)
    for k in range(80):
        px, py = at(k / 79, 1)
        c.line([(px, py), (px - 4, py + 22)], "#b52c36", 4)


def _slipper(c, x, y):
    c.shadow(x, y + 16, 110, 14, 0.5)
    c.form(
        smooth(
            [
                (x - 110, y + 10),
                (x - 96, y - 40),
                (x - 30, y - 56),
                (x + 10, y - 20),
                (x + 100, y - 22),
                (x + 112, y + 10),
                (x, y + 22),
            ]
        ),
        "#7a5a3f",
        depth=13,
    )
    c.form(
        smooth([(x - 4, y - 22), (x + 40, y - 30), (x + 98, y - 22), (x + 60, y - 6), (x + 10, y - 6)]),
        "#efe0c2",
        depth=5,
    )
    c.line([(x - 108, y + 13), (x, y + 24), (x + 112, y + 13)], "#3a2a1e", 8)


def choir():
    """A choir in a hall from behind, with blue scarves; a conductor in yellow; tall windows; a child on the stairs."""
    c = Canvas(409, sun=(0.5, -0.8))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#efe2c8"), (1, "#b5936a")]))
    for k in range(3):
        x = 240 + k * 440
        d = f"M{x} 560V200Q{x + 120} 20 {x + 240} 200V560Z"
        c.path(d, c.fade([(0, "#fdf6dc"), (1, "#e6dcb8")]))
        with c.group(clip_path=c.clip(d)):
            for j in range(6):
                for i in range(4):
                    c.rect(
                        x + i * 62 - 4,
                        80 + j * 84,
                        58,
                        80,
                        c.rng.choice(("#7fb0c9", "#e0b45a", "#c9705a", "#8fb584", "#f3e9c4", "#a58fc0")),
                        opacity=0.5,
                    )
        c.path(d, "none", "#8a6a48", 14)
        c.line([(x + 120, 110), (x + 120, 560)], "#8a6a48", 7, soft=False)
        for j in range(1, 6):
            c.line([(x, 80 + j * 84), (x + 240, 80 + j * 84)], "#8a6a48", 5, soft=False)
        c.beam([(x + 10, 200), (x + 230, 200), (x + 60, 1000), (x - 240, 1000)], "#fff3c4", 0.5, 26)
    c.rect(0, 600, WIDTH, 600, c.fade([(0, "#a9794c"), (1, "#7a5434")]))
    for k in range(12):
        c.line([(k * 145, 600), (k * 190 - 260, 1200)], "#6a4628", 3, soft=False, opacity=0.5)
    c.form(box(1220, 470, 280, 210, 6), "#5a3522", depth=16)  # piano at the side
    c.rect(1200, 600, 320, 22, "#f4ecdc")
    c.rect(1196, 622, 330, 30, "#6a4028")
    for k in range(4):  # stairs at the left, with a child
        c.rect(0, 560 + k * 62, 96 + k * 52, 62, c.fade([(0, "#caa272"), (0.2, "#a97f52"), (1, "#7d5a38")]))
    p.seated(c, 104, 690, 240, "#e2b53a", "#6a4a34", "child-plaits", stool="#7d5a38")
    c.form(box(716, 690, 168, 50, 8), "#8a5c3a", depth=8)
    p.person(
        c,
        800,
        700,
        360,
        "#efc02f",
        "#4a3a32",
        "#241d1b",
        "bun",
        skirt="#efc02f",
        arms=((-0.34, -0.04), (0.34, -0.08)),
        skin="#a8754f",
        shadow=False,
    )
    c.line([(922, 386), (966, 330)], "#f9f3e0", 6, soft=False)
    tones = ("#6a4a5a", "#4a5a4f", "#5a4a3f", "#7a4a44", "#3f4a5f", "#6f6048", "#54486a", "#4f5f5f")
    styles = ("bun", "short", "bob", "bald", "short", "bob", "bun", "short")
    hairs = ("#b9b3aa", "#d9d5cd", "#6a4a34", "#c9c4ba", "#4a3a30", "#8a8078", "#e2ded6", "#2f2826")
    for row, (y, h, m) in enumerate(((930, 380, 9), (1090, 450, 8), (1330, 560, 7))):
        for k in range(m):
            x = (k + 0.5 + (row % 2) * 0.12) * WIDTH / m + c.between(-12, 12)
            j = (k * 3 + row * 2) % 8
            p.person(
                c,
                x,
                y + c.between(-8, 12),
                h * c.between(0.95, 1.05),
                tones[(k + row * 3) % 8],
                "#3f3d48",
                hairs[j],
                styles[j],
                scarf="#2f6fc0",
                arms=((-0.1, 0.3), (0.1, 0.3)),
                shadow=False,
                skin=("#e2b592", "#d9a585", "#b98560", "#e9c2a0")[(k * 5 + row) % 4],
            )
    return c, "warm"


def roses():
    """An open garden: an arch of pink roses, a bench, a tea table with scones."""
    c = Canvas(419, sun=(-0.6, -0.8))
    n.sky(c, [(0, "#a6d3ea"), (1, "#eef3df")], 560)
    for x, y, r in ((120, 430, 230), (430, 470, 180), (1150, 460, 210), (1480, 420, 240)):
        n.leaves(c, x, y, r, r * 0.75, ("#4f7f4a", "#6f9f58", "#9bc070"), 300, 22)
    c.rect(0, 560, WIDTH, 640, c.fade([(0, "#a3c26a"), (1, "#5f8f42")]))
    for k in range(21):
        n.leaves(c, k * 80, 560 + c.between(-8, 8), 70, 36, ("#4f7f4a", "#6f9f58", "#8fb568"), 34, 17)
    d = smooth([(690, 640), (910, 640), (1010, 860), (1180, 1220), (420, 1220), (590, 860)])
    c.path(d, c.fade([(0, "#e9d9b8"), (1, "#cbb48a")]))
    for _ in range(260):
        c.ellipse(
            c.between(520, 1080),
            c.between(680, 1190),
            c.between(2, 7),
            c.between(1.5, 4),
            c.rng.choice(("#b89f74", "#f3e8cd")),
            opacity=0.55,
        )
    n.grass(c, 0, 520, 640, 1190, ("#6f9f48", "#8fb85a", "#568a3c"), 420, 26)
    n.grass(c, 1080, WIDTH, 640, 1190, ("#6f9f48", "#8fb85a", "#568a3c"), 420, 26)
    for x in (540, 1060):
        c.rect(x - 13, 300, 26, 560, c.fade([(0, "#f6f2e8"), (1, "#c9c2b2")], 0, 0, 1, 0))
        for k in range(8):
            c.line([(x - 34, 380 + k * 58), (x + 34, 400 + k * 58)], "#efe9dc", 7, soft=False)
    for r in (268, 232):
        c.path(f"M{800 - r} 330A{r} 230 0 0 1 {800 + r} 330", "none", "#f3eee2", 13)
    spots = []
    for k in range(60):
        a = math.pi * k / 59
        spots.append((800 - math.cos(a) * c.between(220, 290), 330 - math.sin(a) * c.between(190, 262)))
    for k in range(44):
        side = -1 if k % 2 else 1
        spots.append((800 + side * c.between(215, 305), 330 + (k / 44) * 430))
    for x, y in spots:
        n.leaves(c, x, y, c.between(34, 56), c.between(30, 46), ("#3f6f3c", "#5a8f4a", "#7fae5c"), 18, 17)
    for x, y in spots + [(x + c.between(-34, 34), y + c.between(-30, 30)) for x, y in spots]:
        n.rose(
            c,
            x + c.between(-20, 20),
            y + c.between(-20, 20),
            c.between(15, 30),
            c.rng.choice(("#f08fae", "#f4a9c0", "#e8739a", "#f7c1d0")),
        )
    for bx, by, tone in (
        (200, 900, "#d8434a"),
        (380, 800, "#f2d36a"),
        (1240, 800, "#f6f0e0"),
        (1420, 920, "#d8434a"),
        (110, 760, "#f6f0e0"),
    ):
        n.leaves(c, bx, by, 130, 84, ("#3f6f3c", "#5a8f4a", "#7fae5c"), 120, 18)
        for _ in range(13):
            n.rose(c, bx + c.between(-110, 110), by + c.between(-70, 44), c.between(17, 27), tone)
    p.person(
        c, 800, 905, 250, "#5f86a8", "#4a4a58", "#b9b3aa", "short", hat="#e9d9b0", arms=((-0.2, 0.28), (0.12, 0.38))
    )
    p.person(c, 890, 925, 240, "#b5708a", "#4a4a58", "#8a8078", "bob", skirt="#7a5a8a")
    _tea_table(c, 1270, 1040)
    for k in range(40):
        x, y = c.between(450, 1150), c.between(900, 1190)
        c.ellipse(x, y, 9, 5, "#f4a9c0", opacity=0.85)
    return c, "day"


def _tea_table(c, x, y):
    c.shadow(x, y + 100, 230, 24, 0.4)
    for k in (-150, 140):
        c.rect(x + k, y - 30, 16, 140, "#f0ebdf")
    c.form(
        smooth(
            [
                (x - 240, y - 50),
                (x, y - 96),
                (x + 240, y - 50),
                (x + 250, y + 16),
                (x + 200, y + 50),
                (x + 120, y + 20),
                (x + 30, y + 54),
                (x - 60, y + 20),
                (x - 160, y + 50),
                (x - 246, y + 16),
            ]
        ),
        "#fbf7ec",
        depth=14,
        shade=0.22,
    )
    c.form(
        smooth(
            [
                (x - 150, y - 60),
                (x - 150, y - 130),
                (x - 96, y - 156),
                (x - 40, y - 130),
                (x - 40, y - 60),
                (x - 96, y - 48),
            ]
        ),
        "#f6f0e0",
        depth=14,
    )
    c.line([(x - 44, y - 100), (x - 4, y - 130), (x + 6, y - 142)], "#e9e0cc", 17)
    c.path(f"M{x - 150} {y - 124}c-50 -4 -50 60 0 56", "none", "#e9e0cc", 12)
    c.ellipse(x - 96, y - 160, 13, 10, "#e8739a")
    for k in range(3):
        n.rose(c, x - 120 + k * 24, y - 96 + (k % 2) * 14, 11, "#e8739a")
    t.plate(c, x + 110, y - 46, 96, 0.34, "#f3eee0", "#e8739a")
    for dx, dy in ((60, -58), (110, -66), (160, -58), (84, -84), (136, -86), (110, -106)):
        c.form(box(x + dx - 26, y + dy - 16, 52, 26, 9), "#d9a860", depth=6)
        c.ellipse(x + dx, y + dy - 16, 24, 8, "#f0d9a4")


def wedding():
    """1973: a couple from behind under one umbrella in the rain, before a church with a red door."""
    c = Canvas(421, sun=(-0.5, -0.9))
    n.sky(c, [(0, "#8f959b"), (1, "#d2d4d2")], 870)
    for k in range(5):
        n.cloud(c, 160 + k * 340, 150 + (k % 2) * 80, 480, "#c3c6c8", 0.7)
    wall = poly([(360, 860), (360, 380), (800, 90), (1240, 380), (1240, 860)])
    b.stone_courses(c, wall, (360, 90, 880, 780), "#a39d94", 40)
    c.path(poly([(320, 396), (800, 56), (1280, 396), (1240, 400), (800, 104), (360, 400)]), "#4a4844")
    c.rect(776, -20, 48, 100, "#4a4844")
    c.path(ring(800, 330, 84, 84), "#5a6066", "#d2cec6", 14)
    for k in range(8):
        a = k / 8 * 6.283
        c.line([(800, 330), (800 + math.cos(a) * 80, 330 + math.sin(a) * 80)], "#d2cec6", 7, soft=False)
    for side in (-1, 1):
        x = 800 + side * 310
        c.path(f"M{x - 54} 760V560Q{x} 460 {x + 54} 560V760Z", "#565b60", "#d2cec6", 12)
        c.line([(x, 512), (x, 760)], "#d2cec6", 5, soft=False)
    c.path("M650 860V620Q800 430 950 620V860Z", "#d9d4ca")
    c.path("M676 860V630Q800 470 924 630V860Z", c.fade([(0, "#d0221e"), (1, "#a81a18")]))
    for k in range(5):
        c.line([(726 + k * 37, 560), (726 + k * 37, 860)], "#7a1412", 4, soft=False, opacity=0.7)
    for y in (650, 780):
        for side in (-1, 1):
            c.line([(800 + side * 14, y), (800 + side * 106, y - 10)], "#2c2624", 9)
    c.rect(0, 850, WIDTH, 350, c.fade([(0, "#8d8a86"), (1, "#5c5a58")]))
    c.path(poly([(660, 855), (940, 855), (1250, 1200), (350, 1200)]), c.fade([(0, "#b9b5ae"), (1, "#8a8681")]))
    for _ in range(46):  # puddles, with rings
        x, y = c.between(0, WIDTH), c.between(900, 1190)
        c.path(ring(x, y, c.between(10, 34), c.between(3, 9)), "none", "#e6e6e2", 2, opacity=0.55)
    for x, h in ((150, 520), (1440, 560)):
        n.tree(c, x, 890, h, ("#5a6058", "#747b70", "#8f968a"), count=330, size=18)
    with c.group(transform="translate(-250 20)"):
        _couple_under_umbrella(c)
    for _ in range(330):
        x, y = c.between(0, WIDTH), c.between(0, 1180)
        if 250 < x < 850 and 580 < y < 1100:
            continue
        c.line([(x, y), (x - 9, y + 36)], "#ffffff", 1.6, soft=False, opacity=0.42)
    return c, "sepia"


def _couple_under_umbrella(c):
    p.person(c, 710, 1150, 560, "#2f3036", "#26272c", "#2a2522", "short", arms=((-0.13, 0.38), (0.12, 0.1)))
    p.person(
        c, 900, 1155, 520, "#f4f2ec", "#f4f2ec", "#4a3f38", "bob", skirt="#f6f4ee", arms=((-0.18, 0.2), (0.13, 0.34))
    )
    gown = smooth([(846, 905), (954, 905), (1010, 1060), (1060, 1165), (900, 1182), (770, 1165), (812, 1050)])
    c.form(gown, "#f6f4ee", depth=22, shade=0.25)
    for k in (-46, -12, 24, 58):
        c.line([(900 + k * 0.5, 930), (900 + k * 1.3, 1170)], "#b9b5ae", 4, opacity=0.5)
    veil = smooth([(858, 660), (900, 634), (942, 660), (968, 800), (976, 930), (900, 950), (826, 930), (834, 800)])
    c.path(veil, "#ffffff", opacity=0.55)
    for k in range(5):
        c.form(ring(870 + k * 15, 662 - (2 - abs(k - 2)) * 6, 9, 8), "#ffffff", depth=3)
    c.line([(800, 420), (790, 760)], "#2c2624", 9, soft=False)
    top = (
        "M500 560Q560 380 800 372Q1040 380 1100 560Q1050 528 1000 560Q950 528 900 560Q850 "
        "528 800 560Q750 528 700 560Q650 528 600 560Q550 528 500 560Z"
    )
    c.form(top, "#3a3b42", depth=26, shine=0.35)
    for k in (-300, -200, -100, 0, 100, 200, 300):
        c.path(f"M800 372Q{800 + k * 0.75} 410 {800 + k} 560", "none", "#1c1c20", 3.4, opacity=0.6)
    c.line([(800, 372), (800, 344)], "#2c2624", 8)


SCENES = {"en-dog": dog, "en-choir": choir, "en-roses": roses, "en-wedding": wedding}
