"""Frank Delaney's album: lake, harbour and beach."""

import math
from album import animals
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, light, poly, ring, smooth


def boat():
    """A red rowing boat at a wooden jetty on a mountain lake; a picnic basket on the jetty."""
    c = Canvas(211, sun=(-0.7, -0.8))
    n.sky(c, [(0, "#86bfe0"), (0.7, "#d7ebef"), (1, "#f3f0dc")], 620)
    n.cloud(c, 330, 170, 420)
    n.cloud(c, 1250, 130, 360, opacity=0.7)
    mark = len(c.body)
    _peaks(c, 580, 380, "#8fa6bd", "#f6f7f6", 5)
    _peaks(c, 590, 230, "#6f8c93", None, 7)
    ridge = n.hills(c, 600, 120, "#5f8560", 2.4, bottom=602, mist="#7fa176")
    for x, y in ridge:
        for _ in range(3):
            tx, ty, h = x + c.between(-22, 22), y + c.between(20, 70), c.between(50, 90)
            c.path(
                f"M{tx:.0f} {ty - h:.0f}L{tx + h * 0.26:.0f} {ty:.0f}L{tx - h * 0.26:.0f} {ty:.0f}Z",
                c.rng.choice(("#3f6a4a", "#4f7d55", "#5f8f5f")),
                opacity=0.9,
            )
    end = len(c.body)
    n.water(c, 600, 1200, "#b9dbe2", "#2f7d8f", 0)
    c.mirror(slice(mark, end), 600, amount=3, opacity=0.55)
    n.wavelets(c, 600, 1200, "#c9e4e6", "#2f7d8f", 300)
    for k in range(9):  # jetty from the right front to the lake
        y0, y1 = 1230 - k * 52, 1230 - (k + 1) * 52
        tone = ("#b08a5c", "#a17c50", "#bb9566")[k % 3]
        x0, x1, x2, x3 = 1010 + k * 12, 1640 - k * 46, 1640 - (k + 1) * 46, 1010 + (k + 1) * 12
        c.path(
            poly([(x0, y0), (x1, y0), (x2, y1 + 5), (x3, y1 + 5)]),
            c.fade([(0, light(tone, 0.15)), (1, dark(tone, 0.12))]),
        )
        for _ in range(5):
            gx = c.between(x0, x1 - 120)
            c.line(
                [(gx, y0 - c.between(8, 44)), (gx + c.between(60, 220), y0 - c.between(8, 44))],
                dark(tone, 0.4),
                1.5,
                opacity=0.3,
            )
    for x, y, h in ((1118, 770, 130), (1226, 760, 120), (1020, 1120, 210)):
        c.form(box(x - 18, y - h, 36, h + 70, 8), "#7d5d3c", depth=10)
        c.ellipse(x, y - h, 18, 7, "#a98558")
    _rowing_boat(c, 560, 900)
    c.line([(1018, 960), (960, 985), (905, 905)], "#e9dcc0", 6)
    t.basket(c, 1330, 985, 210)
    return c, "day"


def _peaks(c, base, height, colour, snow, count):
    xs = [i / count * WIDTH + c.between(-60, 60) for i in range(count + 1)]
    pts = [(-60, base - height * 0.35)]
    for i, x in enumerate(xs):
        pts.append((x, base - height * c.between(0.62, 1.0)))
        pts.append((x + WIDTH / count / 2, base - height * c.between(0.3, 0.5)))
    c.path(
        poly(pts + [(WIDTH + 300, base + 20), (-60, base + 20)]),
        c.fade([(0, light(colour, 0.15)), (1, light(colour, 0.45))]),
    )
    for i in range(1, len(pts) - 1, 2):
        (x, y), (lx, ly), (rx, ry) = pts[i], pts[i - 1], pts[i + 1] if i + 1 < len(pts) else pts[i]
        c.path(poly([(x, y), (rx, ry), (rx, base), (x + (rx - x) * 0.2, base)]), dark(colour, 0.22), opacity=0.35)
        if snow:
            k = 0.34
            c.path(
                poly(
                    [
                        (x, y),
                        (x + (rx - x) * k, y + (ry - y) * k),
                        (x + (rx - x) * 0.16, y + (ry - y) * 0.2),
                        (x + (rx - x) * 0.04, y + (ry - y) * 0.4),
                        (x + (lx - x) * 0.12, y + (ly - y) * 0.2),
                        (x + (lx - x) * k, y + (ly - y) * k),
                    ]
                ),
                snow,
                opacity=0.95,
            )


def _rowing_boat(c, x, y):
    c.shadow(x + 10, y + 96, 400, 36, 0.5, "#12393f")
    inner = smooth(
        [
            (x - 400, y - 20),
            (x - 180, y - 70),
            (x + 150, y - 74),
            (x + 392, y - 42),
            (x + 200, y + 14),
            (x - 160, y + 26),
        ]
    )
    c.path(inner, c.fade([(0, "#8a5a34"), (1, "#c4935e")]))
    with c.group(clip_path=c.clip(inner)):
        for k in range(8):
            c.line([(x - 380 + k * 104, y - 90), (x - 350 + k * 104, y + 40)], "#5f3c22", 5, opacity=0.5)
    for bx in (-190, 10, 210):
        c.path(
            poly([(x + bx - 30, y - 66), (x + bx + 40, y - 68), (x + bx + 64, y + 12), (x + bx - 14, y + 16)]),
            c.fade([(0, "#d9ab74"), (1, "#a87a48")]),
            "#7a5430",
            2,
        )
    hull = (
        f"M{x - 402} {y - 24}C{x - 250} {y + 40} {x + 220} {y + 34} {x + 396} {y - 46}C{x + 376} "
        f"{y + 54} {x + 270} {y + 104} {x + 20} {y + 110}S{x - 350} {y + 88} {x - 402} {y - 24}Z"
    )
    c.form(hull, "#cf2f2a", depth=26, shade=0.45)
    for k in (24, 50):
        c.path(
            f"M{x - 390 + k * 0.7} {y - 16 + k}C{x - 240} {y + 40 + k} {x + 210} {y + 34 + k} {x + 386 - k * 0.6} "
            f"{y - 38 + k}",
            "none",
            dark("#cf2f2a", 0.45),
            3,
            opacity=0.6,
        )
    c.path(f"M{x - 402} {y - 24}C{x - 250} {y + 40} {x + 220} {y + 34} {x + 396} {y - 46}", "none", "#f6efdf", 11)
    for side, (ax, ay, bx, by) in enumerate(((x - 330, y - 66, x + 190, y - 96), (x - 280, y + 20, x + 300, y - 50))):
        c.line([(ax, ay), (bx, by)], "#e3c48f", 11, soft=False)
        c.path(
            smooth([(bx - 10, by - 10), (bx + 110, by - 26), (bx + 116, by + 4), (bx - 6, by + 12)]),
            "#e9cf9f",
            "#a8834f",
            2,
        )
    c.path(ring(x + 30, y - 36, 60, 22), "none", "#f2ede0", 17)


def harbour():
    """Evening at a wharf: three fishing boats come in past a lighthouse with red stripes; a gull on a bollard."""
    c = Canvas(223, sun=(0.8, -0.5))
    n.sky(c, [(0, "#33406f"), (0.4, "#8a6a8f"), (0.75, "#eb9a72"), (1, "#f9d08f")], 680)
    for k in range(5):
        n.cloud(c, 200 + k * 330, 190 + (k % 3) * 90, 420, "#f3b08f", 0.4)
    c.ellipse(1160, 610, 80, 80, "#fff0c0")
    c.halo(1160, 610, 560, "#ffc476", 0.7)
    mark = len(c.body)
    n.hills(c, 680, 110, "#5a5a7c", 1.6, bottom=682, mist="#8a7488")
    _lighthouse(c, 300, 660, 410)
    end = len(c.body)
    n.water(c, 680, 1200, "#e9a980", "#2f3a63", 0)
    c.mirror(slice(mark, end), 680, amount=5, opacity=0.5)
    c.ellipse(1160, 860, 70, 190, "#ffe2a0", opacity=0.65, filter=c.blur(24))
    n.wavelets(c, 680, 1200, "#f2b98f", "#2f3a63", 380, glint="#ffe6b0")
    for x, y, s, tone in ((760, 752, 0.72, "#3f6f8f"), (1010, 806, 0.95, "#2f7a5f"), (1330, 880, 1.25, "#3f5f9a")):
        _fishing_boat(c, x, y, s, tone)
    t.planks(c, -20, 1040, 1640, 170, "#7d5d48", 4)
    c.rect(-20, 1030, 1640, 20, c.fade([(0, "#a9826a"), (1, "#5a4034")]))
    for x in (150, 1120):
        c.shadow(x + 20, 1078, 80, 14, 0.5)
        c.form(box(x - 46, 940, 92, 138, 16), "#4f4a56", depth=18)
        c.form(ring(x, 940, 58, 20), "#6a6470", depth=8)
    for y in (990, 1008, 1026):
        c.path(f"M100 {y}q50 22 100 0", "none", ("#d9c49a", "#b9a076", "#d9c49a")[y // 18 % 3], 14)
    animals.gull(c, 1120, 938, 170)
    p.person(c, 520, 1180, 500, "#3f5a7a", "#3a3a48", "#d9d4cc", "short", arms=((-0.14, 0.38), (0.18, 0.26)))
    p.person(
        c, 700, 1184, 470, "#a8485a", "#42424f", "#c9c0b4", "bob", arms=((-0.17, 0.28), (0.12, 0.34)), scarf="#e9d9b0"
    )
    c.form(poly([(600, 905), (668, 900), (650, 975), (612, 978)]), "#f6efdf", depth=8)
    for k in range(9):
        c.line([(612 + k * 6, 908), (606 + k * 7.5, 868 + c.between(-6, 12))], "#f2c25a", 7, soft=False)
    return c, "night"


def _lighthouse(c, x, y, h):
    c.form(
        smooth([(x - 210, y + 24), (x - 150, y - 30), (x - 30, y - 54), (x + 120, y - 34), (x + 230, y + 24)]),
        "#4d4658",
        depth=16,
    )
    c.halo(x, y - h * 0.98, 250, "#fff0b8", 0.9)
    c.path(
        poly([(x + 10, y - h * 1.0), (x + 900, y - h * 1.2), (x + 900, y - h * 0.86), (x + 10, y - h * 0.96)]),
        c.fade([(0, "#fff3c4", 0.55), (1, "#fff3c4", 0)], 0, 0, 1, 0),
    )
    tower = poly([(x - 52, y - 34), (x - 34, y - h * 0.9), (x + 34, y - h * 0.9), (x + 52, y - 34)])
    c.form(tower, "#f3ece0", depth=18, shade=0.4)
    with c.group(clip_path=c.clip(tower)):
        for k in range(3):
            top = y - h * 0.8 + k * h * 0.26
            c.path(f"M{x - 70} {top}q70 16 140 0v{h * 0.13}q-70 16 -140 0Z", "#c8302a")
        c.rect(x - 60, y - h, 46, h, "#1b1a3a", opacity=0.28, filter=c.blur(10))
    c.rect(x - 48, y - h * 0.92, 96, 12, "#3a3444", 3)
    c.rect(x - 24, y - h * 1.03, 48, h * 0.11, c.glow([(0, "#fffbe0"), (1, "#ffd878")]))
    c.path(f"M{x - 34} {y - h * 1.03}Q{x} {y - h * 1.15} {x + 34} {y - h * 1.03}Z", "#a8282a")
    c.rect(x - 9, y - 84, 18, 44, "#3a3444", 8)
    c.rect(x - 8, y - h * 0.55, 16, 24, "#ffd98a", 6)


def _fishing_boat(c, x, y, s, colour):
    with c.group(transform=f"translate({x} {y}) scale({s})"):
        c.shadow(0, 34, 150, 14, 0.5, "#141a35")
        c.rect(-30, -92, 76, 70, c.fade([(0, "#f6efe2"), (1, "#c9b9ac")]), 6)
        c.rect(-18, -80, 24, 26, "#ffd886", 3)
        c.rect(14, -80, 24, 26, "#ffd886", 3)
        c.halo(0, -66, 90, "#ffd27a", 0.6)
        c.rect(-38, -100, 92, 12, dark(colour, 0.2), 4)
        c.line([(58, -20), (58, -210)], "#4a3a34", 7, soft=False)
        c.line([(-120, -40), (58, -190), (140, -40)], "#3a302e", 2, soft=False)
        c.line([(58, -150), (120, -60)], "#4a3a34", 5, soft=False)
        c.ellipse(58, -212, 7, 7, "#ffedb0")
        c.form("M-150 -34C-80 -12 80 -12 160 -44L128 30Q0 46 -118 30Z", colour, depth=14, shade=0.45)
        c.path("M-150 -34C-80 -12 80 -12 160 -44", "none", "#f6efe2", 8)
        for k in (-90, -40):
            c.form(ring(k, -2, 13, 15), "#e08a3a", depth=4)


def kite():
    """A wide beach, two children from behind with an orange fish kite; a grey dog runs off with a shoe."""
    c = Canvas(227, sun=(-0.6, -0.8))
    n.sky(c, [(0, "#6fb3dd"), (0.7, "#cfe7ee"), (1, "#f2eedb")], 640)
    n.cloud(c, 260, 260, 460, opacity=0.85)
    n.cloud(c, 1330, 200, 340, opacity=0.7)
    n.hills(c, 640, 110, "#8fa9b5", 1.7, bottom=650, mist="#b5c7c6")
    n.water(c, 630, 830, "#8fcbd2", "#4fa3b0", 120)
    for y, w in ((726, 10), (770, 15), (812, 20)):
        pts = [(x, y + math.sin(x / 150 + y) * 8) for x in range(-40, 1680, 80)]
        c.line(pts, "#ffffff", w, opacity=0.85, filter=c.blur(2))
    c.rect(0, 806, WIDTH, 400, c.fade([(0, "#d9c79a"), (0.2, "#ead7a9"), (1, "#d2b67e")]))
    for _ in range(420):
        x, y = c.between(0, WIDTH), c.between(826, 1196)
        c.ellipse(
            x, y, c.between(1, 4), c.between(0.8, 2.4), c.rng.choice(("#b99a63", "#f6ead0", "#a8895a")), opacity=0.6
        )
    for k in range(11):  # footprints
        x, y = 380 + k * 62, 1150 - k * 16
        c.ellipse(x, y + (k % 2) * 22, 15, 8, "#a98a58", opacity=0.5)
    for x, y, r in ((180, 1080, 24), (1440, 1130, 20)):
        for i in range(5):
            a = i / 5 * 6.283 - 1.57
            c.line([(x, y), (x + math.cos(a) * r, y + math.sin(a) * r * 0.6)], "#e07a5a", 11)
    c.line([(662, 858), (820, 600), (938, 372)], "#ffffff", 2.4, opacity=0.9)
    _fish_kite(c, 960, 250, 1.0)
    p.person(c, 610, 1060, 360, "#e2b53a", "#3f6b8f", "#6a4a34", "child-plaits", arms=((-0.2, 0.22), (0.17, 0.1)))
    p.person(c, 820, 1075, 290, "#3f8f8a", "#5a5048", "#2f2622", "child", arms=((-0.24, 0.08), (0.24, 0.06)))
    animals.dog(c, 1190, 1070, 150, "#8d8f96", False)
    c.form(smooth([(1362, 912), (1382, 892), (1436, 918), (1448, 938), (1396, 946), (1364, 938)]), "#7a4a30", depth=8)
    c.line([(1362, 940), (1448, 944)], "#e9dcc4", 6)
    return c, "day"


def _fish_kite(c, x, y, s):
    c.line(
        [(x + 130, y + 96), (x + 250, y + 190), (x + 240, y + 300), (x + 360, y + 380), (x + 350, y + 470)],
        "#6a5a48",
        4,
    )
    for k, (tx, ty, tone) in enumerate(
        (
            (x + 222, y + 178, "#3f5f9a"),
            (x + 238, y + 268, "#a8304a"),
            (x + 300, y + 340, "#2f7a5f"),
            (x + 356, y + 430, "#d9a23a"),
        )
    ):
        for side in (-1, 1):
            c.form(poly([(tx, ty), (tx + side * 46, ty - 22), (tx + side * 50, ty + 24)]), tone, depth=6)
        c.line([(tx - 34, ty - 6), (tx + 34, ty + 8)], light(tone, 0.6), 4, opacity=0.7)
    with c.group(transform=f"rotate(26 {x} {y}) scale({s})"):
        c.form(poly([(x + 150, y), (x + 290, y - 110), (x + 262, y), (x + 290, y + 110)]), "#d9661f", depth=12)
        body = smooth(
            [
                (x - 230, y),
                (x - 120, y - 118),
                (x + 40, y - 120),
                (x + 180, y - 14),
                (x + 180, y + 14),
                (x + 40, y + 120),
                (x - 120, y + 118),
            ]
        )
        c.form(body, "#f0812a", depth=22, shade=0.25)
        with c.group(clip_path=c.clip(body)):
            for j in range(8):
                for i in range(7):
                    px, py = x - 70 + i * 40 + (j % 2) * 20, y - 120 + j * 34
                    c.path(f"M{px} {py - 17}q30 17 0 34", "none", "#b34a12", 4, opacity=0.7)
            c.path(f"M{x - 96} {y - 130}Q{x - 60} {y} {x - 96} {y + 130}", "none", "#fff0d0", 13)
        c.form(smooth([(x - 30, y - 112), (x + 40, y - 176), (x + 96, y - 92)]), "#ffb54a", depth=8)
        c.form(smooth([(x - 30, y + 112), (x + 40, y + 176), (x + 96, y + 92)]), "#ffb54a", depth=8)
        c.ellipse(x - 150, y - 34, 26, 26, "#ffffff")
        c.ellipse(x - 154, y - 34, 13, 13, "#1c1a1a")
        c.path(f"M{x - 226} {y + 6}q30 28 62 20", "none", "#8a3510", 6)


SCENES = {"en-boat": boat, "en-harbour": harbour, "en-kite": kite}
