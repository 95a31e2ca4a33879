"""Frank Delaney's album: the tram and the bakery."""

from album import buildings as b
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, light, poly, ring, smooth


def tram():
    """An old red-and-cream tram, number 7, in a street of trees and shop fronts."""
    c = Canvas(229, sun=(-0.7, -0.7))
    n.sky(c, [(0, "#9fcbe2"), (1, "#eef0e0")], 700)
    for x, w, h, tone in (
        (-40, 330, 520, "#c9a98a"),
        (280, 250, 440, "#9fb0a4"),
        (1010, 290, 470, "#c2b29a"),
        (1290, 350, 560, "#b58a7a"),
    ):
        c.rect(x, 800 - h, w, h + 80, c.fade([(0, light(tone, 0.25)), (1, dark(tone, 0.05))]))
        c.rect(x - 8, 790 - h, w + 16, 22, dark(tone, 0.3), 3)
        for j in range(3):
            for i in range(int(w / 84)):
                c.rect(x + 26 + i * 84, 830 - h + j * 120, 44, 74, c.fade([(0, "#dfeaf0"), (1, "#7d93a0")]), 4)
                c.path(box(x + 26 + i * 84, 830 - h + j * 120, 44, 74, 4), "none", "#f4ecdc", 5)
        b.awning(c, x + 20, 716, w - 40, 34, 8, (dark(tone, 0.3), "#f2e8d4"), 8)
    n.tree(c, 190, 880, 500, ("#4f7f45", "#74a357", "#a9c974"), count=420, size=18)
    n.tree(c, 1440, 880, 470, ("#4f7f45", "#74a357", "#a9c974"), count=400, size=18)
    c.rect(0, 860, WIDTH, 340, c.fade([(0, "#b0a79a"), (1, "#7d766c")]))
    for j in range(9):  # cobbles
        for i in range(30):
            y, w = 880 + j * j * 4.2, 34 + j * 5
            c.ellipse(
                i * w * 1.6 + (j % 2) * w * 0.8 - 60,
                y,
                w * 0.7,
                5 + j * 1.5,
                c.rng.choice(("#9a9185", "#b9b0a3", "#857c71")),
                opacity=0.55,
            )
    for x0, x1 in ((690, 560), (910, 1040)):
        c.path(
            poly([(x0 - 6, 870), (x0 + 6, 870), (x1 + 16, 1200), (x1 - 16, 1200)]),
            c.fade([(0, "#6a6a70"), (1, "#c9cbd0")]),
        )
    c.line([(0, 90), (800, 150), (WIDTH, 100)], "#3a3a40", 3)
    _tram_front(c, 800, 1010)
    p.person(c, 410, 1110, 400, "#6f5a8a", "#4a4a58", "#d9d4cc", "bob", arms=((-0.13, 0.38), (0.18, 0.3)))
    p.person(c, 520, 1120, 270, "#3f8f8a", "#5a5048", "#2f2622", "child", arms=((-0.2, 0.16), (0.26, -0.02)))
    return c, "day"


def _tram_front(c, x, y):
    red, cream = "#a8242a", "#f3e6c8"
    c.shadow(x + 20, y + 6, 340, 34, 0.55)
    c.line([(x + 6, y - 866), (x + 60, y - 690)], "#3a3a40", 7, soft=False)
    c.form(
        f"M{x - 270} {y - 640}Q{x} {y - 740} {x + 270} {y - 640}L{x + 286} {y - 606}H{x - 286}Z", "#5a5f66", depth=14
    )
    c.form(box(x - 250, y - 620, 500, 330, 20), cream, depth=22, shade=0.28)
    for k, w in ((-206, 112), (-70, 140), (94, 112)):
        c.rect(x + k, y - 560, w, 190, c.fade([(0, "#dbe9ee"), (0.6, "#8fa9b5"), (1, "#5f7884")]), 10)
        c.path(
            poly(
                [
                    (x + k + 16, y - 380),
                    (x + k + w * 0.5, y - 552),
                    (x + k + w * 0.75, y - 552),
                    (x + k + w * 0.3, y - 380),
                ]
            ),
            "#ffffff",
            opacity=0.3,
        )
        c.path(box(x + k, y - 560, w, 190, 10), "none", "#7a4a2a", 9)
    c.form(ring(x, y - 432, 30, 36), "#d9a585", depth=8)
    c.form(smooth([(x - 62, y - 372), (x - 44, y - 400), (x + 44, y - 400), (x + 62, y - 372)]), "#2f3f5f", depth=6)
    c.form(f"M{x - 36} {y - 450}q36 -40 72 0q4 14 -10 8q-26 -8 -52 0q-14 6 -10 -8Z", "#2f3f5f", depth=6)
    c.form(f"M{x - 262} {y - 360}H{x + 262}V{y - 110}Q{x} {y - 60} {x - 262} {y - 110}Z", red, depth=26, shade=0.4)
    c.rect(x - 262, y - 352, 524, 14, "#e2b84a")
    c.path(f"M{x - 240} {y - 310}H{x + 240}V{y - 140}Q{x} {y - 96} {x - 240} {y - 140}Z", "none", "#e2b84a", 4)
    c.ellipse(x, y - 214, 66, 66, cream)
    c.path(ring(x, y - 214, 66, 66), "none", "#e2b84a", 7)
    b.sign(c, "7", x - 24, y - 252, 76, "#1f1f26", 13)
    for side in (-1, 1):
        c.ellipse(x + side * 182, y - 214, 30, 30, "#fffbe0")
        c.halo(x + side * 182, y - 214, 110, "#fff0b0", 0.6)
        c.path(ring(x + side * 182, y - 214, 30, 30), "none", "#c9a24a", 6)
    c.form(box(x - 200, y - 610, 400, 44, 8), "#2a3a36", depth=6)
    for k in range(9):
        c.rect(x - 170 + k * 40, y - 596, 24, 16, "#f3e6c8", 3, opacity=0.85)
    c.form(f"M{x - 220} {y - 96}H{x + 220}L{x + 180} {y - 20}H{x - 180}Z", "#3a3a40", depth=10)
    for k in range(11):
        c.line([(x - 180 + k * 36, y - 90), (x - 150 + k * 30, y - 24)], "#7a7a80", 6, soft=False)
    c.form(ring(x + 214, y - 604, 24, 26), "#d9a83a", depth=8, shine=0.5)
    c.rect(x - 40, y - 84, 80, 30, "#5a5a60", 8)


def bakery():
    """A bakery front: awning in green and white, loaves in the window, a bicycle against the wall, a bell."""
    c = Canvas(233, sun=(-0.7, -0.7))
    b.stone_courses(c, box(0, 0, WIDTH, 1200), (0, 0, WIDTH, 1200), "#d9b99a", 44)
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#fff3dc", 0.35), (1, "#4a2f22", 0.25)]))
    c.rect(0, 1030, WIDTH, 170, c.fade([(0, "#c2b6a6"), (1, "#948878")]))
    for k in range(6):
        c.line([(k * 320 - 40, 1030), (k * 380 - 180, 1200)], "#7d7264", 4, soft=False, opacity=0.7)
    c.form(box(300, 110, 1020, 130, 14), "#2f5f4a", depth=12)
    c.path(box(318, 126, 984, 98, 10), "none", "#e2c06a", 5)
    b.sign(c, "GIULIA'S BAKERY", 392, 146, 58, "#f6e8c4", 9, gap=2.0)
    _shop_window(c)
    b.awning(c, 300, 262, 1020, 150, 50, ("#2f8f5a", "#f8f2e4"), 14)
    c.rect(1090, 470, 230, 560, c.fade([(0, "#3f7a5f"), (1, "#2a5543")]), 6)
    c.rect(1122, 510, 166, 300, c.fade([(0, "#f9e2b0"), (1, "#c98f52")]), 6)
    c.path(box(1122, 510, 166, 300, 6), "none", "#24483a", 7)
    c.form(box(1122, 850, 166, 130, 6), "#356b53", depth=6)
    c.ellipse(1300, 790, 12, 12, "#e2c06a")
    c.path("M1316 470q56 -10 52 40", "none", "#4a3a2a", 7)
    c.form(smooth([(1340, 560), (1348, 516), (1368, 504), (1388, 516), (1396, 560)]), "#d9a83a", depth=8, shine=0.5)
    c.ellipse(1368, 570, 8, 9, "#8a6420")
    c.halo(690, 720, 560, "#ffd98f", 0.28)
    t.bicycle(c, 300, 1080, 118, colour="#3f6f9a")
    for k in range(3):
        c.form(
            smooth([(424 + k * 26, 812), (430 + k * 26, 742), (450 + k * 26, 734), (452 + k * 26, 812)]),
            "#d9a05a",
            depth=7,
        )
    c.form("M406 778H512L500 850H418Z", "#b98e52", depth=10)
    for j in range(4):
        c.line([(408 + j * 3, 790 + j * 17), (510 - j * 3, 790 + j * 17)], "#7d5c33", 3, soft=False, opacity=0.7)
    c.line([(384, 772), (410, 800)], "#8d9196", 7)
    for x, h in ((1420, 210), (1530, 180)):
        t.pot(c, x, 1100, 110, 100)
        n.leaves(c, x, 1100 - h, 72, 110, ("#3f7a45", "#5f9a55", "#8fbf70"), 130, 17)
    return c, "warm"


def _shop_window(c):
    def inside():
        c.rect(350, 430, 700, 520, c.fade([(0, "#f9dca0"), (0.6, "#e8b870"), (1, "#b9804a")]))
        for j in range(2):
            y = 590 + j * 150
            c.rect(350, y, 700, 20, c.fade([(0, "#a9743f"), (1, "#6a4424")]))
            x = 400
            while x < 1020:
                w = c.between(74, 100)
                tone = c.rng.choice(("#c98a45", "#b5722f", "#dba55f"))
                c.shadow(x + w / 2, y, w * 0.5, 8, 0.5)
                if j == 0:
                    d = smooth([(x, y), (x + 4, y - 52), (x + w / 2, y - 78), (x + w - 4, y - 52), (x + w, y)])
                    c.form(d, tone, depth=13)
                    for k in range(3):
                        c.line(
                            [(x + w * (0.25 + k * 0.22), y - 56), (x + w * (0.36 + k * 0.22), y - 30)],
                            "#f3dcae",
                            6,
                            opacity=0.9,
                        )
                    for _ in range(9):
                        c.ellipse(x + c.between(14, w - 14), y - c.between(12, 64), 3, 2, "#f9ecc9")
                else:
                    c.form(ring(x + w / 2, y - 30, w * 0.46, 32), tone, depth=11)
                    c.form(ring(x + w / 2, y - 42, w * 0.2, 13), "#f0952f", depth=5)
                    c.ellipse(x + w / 2 - 6, y - 46, 7, 4, "#ffe0a8")
                x += w + 22
        for k in range(5):
            x = 430 + k * 130
            c.shadow(x, 938, 56, 10, 0.5)
            c.form(
                smooth([(x - 62, 930), (x - 50, 880), (x, 858), (x + 50, 880), (x + 62, 930), (x, 944)]),
                ("#b5722f", "#dba55f")[k % 2],
                depth=14,
            )
            c.line([(x - 30, 880), (x + 24, 920)], "#f3dcae", 7, opacity=0.9)
            c.line([(x + 30, 880), (x - 24, 920)], "#f3dcae", 7, opacity=0.9)

    b.window(c, 350, 440, 700, 510, "#2f5f4a", (2, 1), inside, 16)
    c.path(poly([(380, 940), (560, 450), (640, 450), (460, 940)]), "#ffffff", opacity=0.14)


SCENES = {"en-tram": tram, "en-bakery": bakery}
