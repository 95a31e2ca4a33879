"""顾秀芸's album: canals and the lake."""

from album import animals
from album import buildings as b
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, light, poly, ring, smooth


def boat():
    """A hand-rowed boat with a blue printed awning on a canal; three ducks; an arched bridge behind."""
    c = Canvas(11, sun=(-0.7, -0.7))
    n.sky(c, [(0, "#a9cfe3"), (0.5, "#e4ecdf"), (1, "#f6e9cf")], 700)
    n.cloud(c, 420, 150, 420, opacity=0.7)
    n.cloud(c, 1180, 110, 300, opacity=0.55)
    mark = len(c.body)
    _canal_houses(c)
    end = len(c.body)
    n.water(c, 640, 1200, "#a9c0b4", "#3f6a66", 0)
    c.mirror(slice(mark, end), 642, opacity=0.5)
    n.wavelets(c, 640, 1200, "#a9c0b4", "#3f6a66", 330, glint="#fdf6dc")
    for x, y, w in ((1050, 985, 84), (1180, 1040, 96), (940, 1075, 104)):
        animals.duck(c, x, y, w)
    _awning_boat(c, 560, 880)
    n.willow(c, 1500, -40, 330, 620, strands=44)
    n.willow(c, 30, -80, 190, 380, strands=18)
    return c, "day"


def _canal_houses(c):
    n.hills(c, 600, 60, "#b9c9c4", 2, bottom=660)
    for x, y, w, h, k in (
        (-30, 645, 300, 330, 2),
        (250, 645, 210, 250, 2),
        (1130, 645, 230, 270, 2),
        (1340, 645, 300, 350, 3),
    ):
        b.river_house(c, x, y, w, h, windows=k, door=w < 240)
    n.tree(c, 480, 600, 210, ("#54804f", "#79a361", "#a5c26f"), count=170, size=12)
    b.arch_bridge(c, 800, 642, 330, 160, run=220)
    c.rect(0, 622, 470, 24, c.fade([(0, "#a79e8e"), (1, "#6e675b")]))
    c.rect(1130, 622, 480, 24, c.fade([(0, "#a79e8e"), (1, "#6e675b")]))
    for x, y in ((120, 420), (180, 420), (1420, 400), (1500, 400)):
        t.lantern(c, x, y, 17, lit=False)


def _awning_boat(c, x, y):
    c.shadow(x + 20, y + 66, 420, 30, 0.5, "#17332f")
    p.person(
        c,
        x + 330,
        y + 8,
        300,
        "#3d5a80",
        "#2e3440",
        style="bun",
        hat="#d8b876",
        scarf="#c8353a",
        arms=((-0.02, 0.2), (0.22, 0.1)),
        shadow=False,
    )
    c.line([(x + 400, y - 235), (x + 480, y - 40), (x + 560, y + 130)], "#6a4a32", 13, soft=False)
    hull = (
        f"M{x - 430} {y - 40}C{x - 330} {y + 8} {x - 200} {y + 14} {x} {y + 14}S{x + 330} {y + 4} "
        f"{x + 440} {y - 54}C{x + 400} {y + 60} {x + 290} {y + 78} {x} {y + 80}S{x - 350} {y + 66} "
        f"{x - 430} {y - 40}Z"
    )
    for px, coat, hair, style in ((-262, "#8a4a52", "#8d8a86", "bun"), (-170, "#5b6b5a", "#b9b6b0", "short")):
        p.seated(c, x + px, y + 60, 180, coat, hair, style)
    c.form(hull, "#5d4433", depth=24)
    c.path(
        f"M{x - 430} {y - 40}C{x - 330} {y + 8} {x - 200} {y + 14} {x} {y + 14}S{x + 330} {y + 4} {x + 440} {y - 54}",
        "none",
        "#8a6747",
        10,
    )
    for k in (26, 46):
        c.path(
            f"M{x - 410 + k} {y - 30 + k}C{x - 300} {y + 10 + k} {x + 280} {y + 14 + k} {x + 420 - k} {y - 40 + k}",
            "none",
            "#3a281d",
            2.5,
            opacity=0.6,
        )
    awning = (
        f"M{x - 130} {y + 4}C{x - 140} {y - 190} {x - 80} {y - 222} {x + 60} {y - 222}S{x + 240} "
        f"{y - 190} {x + 232} {y + 4}C{x + 150} {y + 22} {x - 40} {y + 22} {x - 130} {y + 4}Z"
    )
    c.form(awning, "#2f5f9e", depth=34, shade=0.5)
    with c.group(clip_path=c.clip(awning)):
        for j in range(6):
            for i in range(11):
                fx, fy = x - 130 + i * 38 + (j % 2) * 19, y - 205 + j * 40
                for k in range(5):
                    c.ellipse(
                        fx + 7 * (k % 2 * 2 - 1) * (k < 4),
                        fy + 6 * (k // 2 * 2 - 1) * (k < 4),
                        4.2,
                        4.2,
                        "#eef3f8",
                        opacity=0.9,
                    )
    c.path(f"M{x - 130} {y + 4}C{x - 140} {y - 190} {x - 80} {y - 222} {x + 60} {y - 222}", "none", "#d9b98a", 7)
    c.path(f"M{x + 60} {y - 222}S{x + 240} {y - 190} {x + 232} {y + 4}", "none", "#d9b98a", 7)


def lanterns():
    """An evening street by a canal: five red lanterns on the bridge, a child with a rabbit lantern."""
    c = Canvas(23, sun=(-0.3, -0.9))
    n.sky(c, [(0, "#141a3a"), (0.45, "#2b3163"), (0.8, "#7a5572"), (1, "#c98a62")], 620)
    for _ in range(70):
        c.ellipse(c.between(0, WIDTH), c.between(0, 330), 1.6, 1.6, "#fff4d8", opacity=round(c.between(0.2, 0.9), 2))
    c.ellipse(1240, 150, 46, 46, "#fdf0cf")
    c.halo(1240, 150, 190, "#fce9bd", 0.5)
    mark = len(c.body)
    for x, w, h in ((-40, 300, 340), (250, 190, 250), (1150, 220, 270), (1350, 300, 360)):
        b.river_house(c, x, 600, w, h, wall="#8a7c86", windows=2, lit="#f3b04c", roof=66)
    b.arch_bridge(c, 790, 600, 380, 165, colour="#73675f", run=200)
    for x in (600, 695, 790, 885, 980):
        t.lantern(c, x, 470 - (150 - abs(x - 790) * 0.55) * 0.55, 30)
    c.line([(560, 400), (695, 352), (790, 344), (885, 352), (1020, 400)], "#2a2020", 3)
    for x, y in ((60, 420), (330, 450), (1210, 440), (1420, 400), (1530, 400)):
        t.lantern(c, x, y, 24, colour="#e0672c")
    end = len(c.body)
    n.water(c, 600, 900, "#5c4a63", "#20284a", 0)
    c.mirror(slice(mark, end), 600, amount=4, opacity=0.7)
    n.wavelets(c, 600, 900, "#b98468", "#20284a", 200, glint="#ffce7a")
    _quay(c)
    p.person(c, 560, 1130, 420, "#6b3f52", "#3a3a4c", "#9a948e", "bun", arms=((-0.13, 0.36), (0.2, 0.3)))
    p.person(c, 1120, 1150, 430, "#3c4a63", "#2f3242", "#c4c0ba", "short", arms=((-0.16, 0.33), (0.13, 0.4)))
    p.person(
        c,
        830,
        1140,
        270,
        "#d9587a",
        "#46506a",
        "#2c2321",
        "child-plaits",
        skirt="#d9587a",
        arms=((-0.15, 0.3), (0.25, 0.14)),
    )
    _rabbit_lantern(c, 940, 1010)
    c.halo(900, 1010, 460, "#ffb45c", 0.22)
    return c, "night"


def _quay(c):
    d = poly([(0, 880), (WIDTH, 850), (WIDTH, 1200), (0, 1200)])
    b.stone_courses(c, d, (0, 850, WIDTH, 360), "#54495a", 56)
    c.path(d, c.fade([(0, "#ffb25e", 0.22), (0.5, "#2a2145", 0.2), (1, "#120f26", 0.6)]))
    c.rect(0, 862, WIDTH, 18, "#8b7a78", opacity=0.35)


def _rabbit_lantern(c, x, y):
    c.line([(x - 42, y - 84), (x + 4, y - 128), (x + 10, y - 62)], "#8a6a44", 6)
    c.halo(x, y, 220, "#ffdf9a", 0.75)
    paint = c.glow([(0, "#fffbe6"), (0.5, "#ffe9b0"), (1, "#f1b56a")], 0.5, 0.5, 0.6)
    for side, lean in ((-1, -20), (1, -2)):
        c.path(
            smooth(
                [
                    (x - 46 + side * 12, y - 46),
                    (x - 52 + lean + side * 12, y - 92),
                    (x - 40 + lean + side * 14, y - 104),
                    (x - 34 + side * 14, y - 50),
                ]
            ),
            paint,
            "#d9965a",
            2,
        )
        c.path(
            smooth([(x - 42 + side * 12, y - 56), (x - 47 + lean + side * 12, y - 88), (x - 37 + side * 13, y - 58)]),
            "#f5a3a0",
            opacity=0.8,
        )
    c.path(ring(x + 14, y, 66, 50), paint, "#d9965a", 2)
    c.path(ring(x - 42, y - 22, 36, 32), paint, "#d9965a", 2)
    c.ellipse(x - 54, y - 28, 5, 6, "#c8303a")
    c.ellipse(x - 74, y - 14, 4, 3, "#e08a8a")
    c.ellipse(x + 80, y - 8, 15, 14, "#fffbe6")
    for k in (-24, 2, 28):
        c.path(
            f"M{x + 14 + k} {y - 47}Q{x + 14 + k * 1.9} {y} {x + 14 + k} {y + 47}", "none", "#d9965a", 2, opacity=0.7
        )
    for wx in (x - 18, x + 46):
        c.form(ring(wx, y + 56, 16, 16), "#c8403a", depth=4)
        c.ellipse(wx, y + 56, 5, 5, "#f3d08a")


def fishing():
    """A lake in the morning: an old man fishing from behind, a blue bucket, an egret, a pagoda on the hill."""
    c = Canvas(47, sun=(0.8, -0.6))
    n.sky(c, [(0, "#e9b98c"), (0.45, "#f6dcb4"), (1, "#e4e3cc")], 660)
    c.ellipse(1180, 300, 62, 62, "#fff3d0")
    c.halo(1180, 300, 420, "#ffdf9e", 0.7)
    mark = len(c.body)
    n.hills(c, 600, 250, "#a9bab8", 1.3, bottom=640, mist="#d8dccd")
    n.hills(c, 620, 190, "#7f9a94", 1.8, bottom=640, mist="#bccabb")
    _pagoda(c, 430, 508, 190)
    ridge = n.hills(c, 640, 90, "#5f7f6c", 2.6, bottom=642, mist="#8aa38a")
    for x, y in ridge[::2]:
        n.leaves(
            c,
            x + c.between(-20, 20),
            y + 6,
            c.between(30, 60),
            c.between(18, 34),
            ("#4d6f58", "#62876a", "#7d9f76"),
            60,
            8,
        )
    end = len(c.body)
    n.water(c, 640, 1200, "#e4dcc4", "#6d9089", 0)
    c.mirror(slice(mark, end), 640, amount=3, opacity=0.55)
    n.wavelets(c, 640, 1200, "#efe3c8", "#6d9089", 260, glint="#fff6d8")
    c.ellipse(1180, 760, 60, 150, "#fff0c4", opacity=0.5, filter=c.blur(22))
    d = smooth([(-40, 1010), (240, 985), (620, 1010), (960, 1060), (1180, 1140), (1260, 1230), (-60, 1240)])
    c.form(d, "#7d8a55", depth=22)
    n.grass(c, 0, 1120, 1010, 1190, ("#6f8a48", "#8fa65a", "#56743c", "#a7b56b"), 620, 42)
    for k in range(26):
        x, y = 1130 + c.between(0, 300), 1130 + c.between(0, 90)
        c.line(
            [(x, y + 60), (x + c.between(-12, 22), y - c.between(90, 230))],
            c.rng.choice(("#5c7a44", "#7f964f")),
            5,
            opacity=0.9,
        )
    p.seated(c, 560, 1130, 350, "#5c6f86", "#d2cec7", "short", hat="#d9b673")
    c.line([(650, 960), (900, 720), (1160, 560)], "#4b3a28", 8)
    c.line([(1160, 560), (1190, 700), (1196, 850)], "#f5f2e6", 1.8, opacity=0.9)
    c.ellipse(1196, 852, 9, 14, "#d8382e")
    c.path(ring(1196, 866, 46, 8), "none", "#ffffff", 2.4, opacity=0.7)
    _bucket(c, 800, 1130, "#2f6fc0")
    _egret(c, 1330, 940, 230)
    return c, "warm"


def _pagoda(c, x, y, h):
    for k in range(6):
        w, top = h * (0.3 - k * 0.035), y - h * 0.135 * k
        c.rect(x - w / 2, top - h * 0.1, w, h * 0.1, c.fade([(0, "#a58e7c"), (1, "#c9b298")]))
        c.path(
            f"M{x - w * 0.85} {top - h * 0.09}Q{x - w * 0.5} {top - h * 0.115} {x - w * 0.4} {top - h * 0.15}H{x + w * 0.4}"
            f"Q{x + w * 0.5} "
            f"{top - h * 0.115} {x + w * 0.85} {top - h * 0.09}Z",
            "#6b625f",
        )
    c.line([(x, y - h * 0.8), (x, y - h * 1.04)], "#6b625f", 5, soft=False)


def _bucket(c, x, y, colour):
    c.shadow(x + 14, y, 82, 14, 0.45)
    c.path(f"M{x - 66} {y - 120}C{x - 60} {y - 205} {x + 60} {y - 205} {x + 66} {y - 120}", "none", "#5c6066", 6)
    c.form(
        f"M{x - 70} {y - 122}L{x - 54} {y - 4}Q{x} {y + 14} {x + 54} {y - 4}L{x + 70} {y - 122}Z",
        colour,
        depth=20,
        shade=0.42,
    )
    c.ellipse(x, y - 122, 70, 17, light(colour, 0.3))
    c.ellipse(x, y - 118, 61, 12, "#9fb8b2")
    c.path(f"M{x - 34} {y - 118}q16 -16 34 -2l14 -10l-2 16Z", "#7d8a92")


def _egret(c, x, y, h):
    c.ellipse(x, y + 2, 50, 8, "#ffffff", opacity=0.45)
    for k in (-8, 12):
        c.line([(x + k, y - h * 0.42), (x + k + 4, y)], "#3d3a3a", 5)
    c.form(
        smooth(
            [
                (x - 44, y - h * 0.55),
                (x - 6, y - h * 0.66),
                (x + 50, y - h * 0.5),
                (x + 96, y - h * 0.36),
                (x + 30, y - h * 0.38),
                (x - 22, y - h * 0.42),
            ]
        ),
        "#f7f6f0",
        depth=10,
        shade=0.25,
    )
    c.line(
        [(x - 28, y - h * 0.55), (x - 56, y - h * 0.7), (x - 28, y - h * 0.84), (x - 42, y - h * 0.97)], "#e7e6de", 17
    )
    c.line(
        [(x - 30, y - h * 0.56), (x - 57, y - h * 0.7), (x - 29, y - h * 0.84), (x - 42, y - h * 0.97)], "#faf9f4", 13
    )
    c.form(ring(x - 46, y - h * 0.985, 17, 13), "#faf9f4", depth=4)
    c.path(f"M{x - 58} {y - h * 1.0}L{x - 122} {y - h * 0.95}L{x - 57} {y - h * 0.955}Z", "#d9a43a")
    c.ellipse(x - 51, y - h * 0.995, 2.6, 2.6, "#1c1a18")


SCENES = {"zh-boat": boat, "zh-lanterns": lanterns, "zh-fishing": fishing}
