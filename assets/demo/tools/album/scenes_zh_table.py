"""顾秀芸's album: at table, in the noodle shop and in the story-telling house."""

import math
from album import nature as n
from album import people as p
from album import things as t
from album.canvas import WIDTH, Canvas, box, dark, poly, ring, smooth


def noodles():
    """A bowl of noodles in brown broth with fried fish, painted with a blue pattern; a small dish of ginger threads."""
    c = Canvas(71, sun=(-0.7, -0.7))
    c.rect(0, 0, WIDTH, 420, c.fade([(0, "#6b4a33"), (1, "#8f6a49")]))
    with c.group(filter=c.blur(16), opacity=0.85):
        for x, tone in ((180, "#caa36a"), (520, "#7d3d30"), (980, "#d8b98a"), (1380, "#5f4a3e")):
            c.rect(x, 0, 210, 330, tone, 20)
        c.ellipse(820, 120, 120, 90, "#f6d79a")
    t.table_top(c, 330, "#a87448")
    c.beam([(0, 420), (520, 340), (1150, 1200), (200, 1200)], "#fff0c4", 0.5, 40)
    t.bowl(c, 760, 620, 480, "#f3efe6", flat=0.46, deep=0.66, inside="#8a3f1c", pattern="#2f5fae")
    with c.group(clip_path=c.clip(ring(760, 700, 418, 176))):
        for k in range(62):  # noodles, combed into a smooth ridge
            y, bend = 628 + k * 3.5, 20 + 16 * math.sin(k / 62 * 3.14)
            half = 350 * math.sqrt(max(0.05, 1 - ((y - 730) / 150) ** 2))
            c.line(
                [
                    (760 - half, y + 18),
                    (640, y - bend + c.between(-3, 3)),
                    (800, y - bend * 1.15),
                    (760 + half, y + 14),
                ],
                c.rng.choice(("#f4e2b0", "#ead199", "#f9edc8", "#d9bb7c")),
                4.6,
            )
            if k % 3 == 0:
                c.line(
                    [(760 - half, y + 21), (640, y - bend + 3), (800, y - bend * 1.15 + 3), (760 + half, y + 17)],
                    "#9a7035",
                    1.6,
                    opacity=0.55,
                )
        c.path(ring(760, 700, 418, 176), "none", "#7a3516", 30, opacity=0.55, filter=c.blur(10))
        for _ in range(26):
            c.ellipse(
                c.between(380, 1140), c.between(600, 850), c.between(5, 13), c.between(3, 7), "#f0a24a", opacity=0.55
            )
    fish = smooth(
        [
            (520, 668),
            (590, 600),
            (720, 562),
            (850, 580),
            (930, 628),
            (990, 618),
            (1052, 566),
            (1076, 588),
            (1040, 646),
            (1074, 706),
            (1050, 730),
            (984, 690),
            (920, 690),
            (820, 744),
            (690, 752),
            (580, 722),
        ]
    )
    c.cast(fish, 10, 16, 9, 0.5)
    c.form(fish, "#8a4820", depth=24, shade=0.5, shine=0.45)
    with c.group(clip_path=c.clip(fish)):
        for j in range(7):
            for i in range(9):
                x, y = 640 + i * 36 + (j % 2) * 18, 590 + j * 24
                c.path(f"M{x} {y - 11}q22 11 0 22", "none", "#4a220f", 3.4, opacity=0.5)
        for k in range(6):
            c.line([(975, 654), (1070, 580 + k * 28)], "#4a220f", 3, opacity=0.5)
        c.path("M604 600q46 60 4 128", "none", "#4a220f", 5, opacity=0.6)
    c.ellipse(566, 650, 11, 10, "#f3e2c0")
    c.ellipse(565, 651, 5, 5, "#20140c")
    c.line([(580, 616), (700, 576), (840, 588)], "#ffd9a0", 7, opacity=0.5, filter=c.blur(3))
    for _ in range(44):  # green onion
        x, y = 850 + c.between(-150, 150), 800 + c.between(-28, 34)
        c.path(
            ring(x, y, c.between(9, 14), c.between(6, 9)), "none", c.rng.choice(("#4f9a3f", "#79bb55", "#3c7f35")), 5
        )
    t.steam(c, 760, 560, 440, 3, 130, 0.28)
    t.plate(c, 1340, 900, 170, 0.45, "#f3efe6", "#2f5fae")
    for _ in range(90):  # ginger
        x, y, a = 1340 + c.between(-72, 72), 890 + c.between(-28, 24), c.between(0, 3.1)
        c.line(
            [(x, y), (x + math.cos(a) * 44, y + math.sin(a) * 22)], c.rng.choice(("#f3dd8f", "#e8c96c", "#fbecb4")), 4.6
        )
    for dy in (0, 34):
        c.shadow(330, 1090 + dy, 330, 8, 0.4)
        c.path(
            poly([(40, 1128 + dy), (560, 1010 + dy), (566, 1020 + dy), (44, 1146 + dy)]),
            c.fade([(0, "#8a4a32"), (1, "#4a2418")]),
        )
    c.rect(60, 1085, 44, 90, "#d8cdb8", 8)
    return c, "warm"


def teahouse():
    """A table in a story-telling house: lidded tea bowls, melon seeds; on the stage a woman in green with a pipa."""
    c = Canvas(101, sun=(-0.4, -0.9))
    c.rect(0, 0, WIDTH, 1200, c.fade([(0, "#5b3020"), (1, "#3a1e14")]))
    c.rect(250, 90, 1100, 560, c.glow([(0, "#f6d9a0"), (0.6, "#d8a463"), (1, "#8a4e2c")], 0.5, 0.4, 0.65), 6)
    for k in range(6):
        x = 290 + k * 178
        c.rect(x, 120, 130, 400, c.fade([(0, "#efe2c2"), (1, "#d9c294")]), 3)
        c.path(box(x, 120, 130, 400, 3), "none", "#6d3a22", 8)
        n.leaves(c, x + 66, 330 - (k % 2) * 40, 40, 70, ("#7a8a6a", "#98a684"), 26, 15)
        c.line([(x + 66, 470), (x + 60, 300)], "#6a5a48", 4)
    for x in (210, 1390):
        c.rect(x - 34, 60, 68, 640, c.fade([(0, "#a0402c"), (0.4, "#c0523a"), (1, "#6a2418")], 0, 0, 1, 0), 4)
        t.lantern(c, x, 170, 54)
    c.rect(180, 590, 1240, 90, c.fade([(0, "#8a5836"), (1, "#4d2c1a")]))
    _performers(c)
    for x, y, h, coat, hair, style in (
        (180, 840, 300, "#4a4150", "#6a6560", "short"),
        (420, 830, 290, "#5d4a3f", "#a9a49c", "bun"),
        (1190, 835, 295, "#3f4a58", "#c9c5be", "short"),
        (1440, 850, 310, "#5a3f48", "#3a302d", "bun"),
    ):
        p.seated(c, x, y, h, dark(coat, 0.25), dark(hair, 0.2), style)
    t.table_top(c, 830, "#7d4a2c")
    c.halo(800, 500, 760, "#ffcf86", 0.25)
    for x, y, s in ((480, 1000, 1.0), (1010, 1020, 1.05)):
        _lidded_bowl(c, x, y, 120 * s)
    t.plate(c, 755, 1110, 150, 0.4, "#efe9dc", "#a8432f")
    for _ in range(120):
        a, r = c.between(0, 6.28), math.sqrt(c.between(0, 1))
        x, y = 755 + math.cos(a) * r * 96, 1108 + math.sin(a) * r * 30 - (1 - r) * 26
        with c.group(transform=f"rotate({c.between(0, 180):.0f} {x:.1f} {y:.1f})"):
            c.path(
                f"M{x - 13:.1f} {y:.1f}Q{x:.1f} {y - 8:.1f} {x + 11:.1f} {y:.1f}Q{x:.1f} {y + 8:.1f} "
                f"{x - 13:.1f} {y:.1f}Z",
                c.rng.choice(("#3a2f2a", "#574a40", "#2a2220")),
                "#d8cbb6",
                1.4,
            )
    for _ in range(16):
        x, y = 980 + c.between(-60, 200), 1140 + c.between(-16, 40)
        c.path(f"M{x:.0f} {y:.0f}q9 -6 17 0q-8 5 -17 0Z", c.rng.choice(("#3a2f2a", "#8a7a68")))
    return c, "warm"


def _performers(c):
    for x in (620, 980):  # two chairs, a small table between them
        c.rect(x - 70, 360, 140, 170, "#5a2c1c", 6)
        c.rect(x - 52, 380, 104, 130, "#7a3f28", 4)
        c.rect(x - 78, 520, 156, 24, "#6a3420")
        for k in (-66, 54):
            c.rect(x + k, 540, 14, 70, "#4a2416")
    c.form(f"M{740} 470H860V600H740Z", "#a8321f", depth=10)
    c.path("M740 520l60 40l60 -40", "none", "#e0b04a", 5)
    c.rect(726, 456, 148, 18, "#6a3420", 3)
    # she: green qipao, pipa upright on her lap
    gown = smooth(
        [
            (960, 372),
            (1004, 372),
            (1032, 420),
            (1028, 480),
            (1060, 540),
            (1050, 628),
            (912, 628),
            (912, 540),
            (936, 480),
            (932, 420),
        ]
    )
    c.form(gown, "#2f7f5a", depth=16)
    for k in range(14):
        x, y = 940 + c.between(0, 90), 420 + c.between(0, 190)
        c.ellipse(x, y, 4, 4, "#d8e8c8", opacity=0.7)
    c.form(ring(982, 330, 30, 37), "#ecc5a4", depth=8)
    c.form(
        smooth([(950, 330), (955, 296), (982, 284), (1010, 296), (1014, 332), (1000, 308), (966, 308)]),
        "#1f1a19",
        depth=6,
    )
    c.form(ring(1012, 300, 17, 15), "#1f1a19", depth=5)
    for x in (971, 992):
        c.path(f"M{x - 6} 330q6 5 12 0", "none", "#3a2a22", 2.4)
    c.path("M976 350q6 5 12 0", "none", "#b8423a", 3)
    with c.group(transform="rotate(14 930 470)"):
        c.form(
            smooth([(930, 372), (952, 420), (972, 500), (950, 556), (910, 556), (888, 500), (908, 420)]),
            "#c98a4a",
            depth=12,
        )
        c.rect(921, 262, 18, 130, "#6a3420", 5)
        for k in range(4):
            c.line([(925 + k * 4, 290), (921 + k * 7, 530)], "#f4ead2", 1.1, soft=False)
        for k in range(5):
            c.line([(912, 410 + k * 20), (948, 410 + k * 20)], "#8a5a30", 3, soft=False)
        c.ellipse(930, 536, 24, 6, "#6a3420")
    c.line([(1018, 420), (985, 486), (940, 500)], dark("#2f7f5a", 0.2), 22)
    c.line([(938, 420), (905, 390), (930, 362)], "#2f7f5a", 20)
    c.ellipse(938, 500, 12, 10, "#ecc5a4")
    c.ellipse(944, 360, 11, 10, "#ecc5a4")
    # he: grey gown, sanxian
    c.form(
        smooth([(600, 372), (644, 372), (676, 430), (672, 500), (690, 628), (552, 628), (568, 500), (566, 430)]),
        "#6f7f94",
        depth=16,
    )
    c.form(ring(622, 330, 31, 38), "#e2b592", depth=8)
    c.form(
        smooth([(590, 326), (594, 294), (622, 282), (650, 294), (654, 326), (640, 306), (604, 306)]), "#2a2523", depth=6
    )
    for x in (611, 633):
        c.path(f"M{x - 6} 330q6 5 12 0", "none", "#3a2a22", 2.4)
    with c.group(transform="rotate(-48 622 500)"):
        c.rect(614, 300, 13, 220, "#5a2c1c", 4)
        c.form(box(586, 500, 70, 62, 24), "#e8ddc4", depth=8)
    c.line([(662, 420), (650, 490), (606, 520)], dark("#6f7f94", 0.2), 22)
    c.line([(580, 420), (520, 430), (500, 405)], "#6f7f94", 20)


def _lidded_bowl(c, x, y, r):
    t.plate(c, x, y + r * 0.36, r * 1.1, 0.34, "#f2ede2", "#3f6fae")
    t.bowl(c, x, y - r * 0.35, r * 0.86, "#f6f2e8", flat=0.34, deep=0.6, inside="#a9b45a", pattern="#3f6fae")
    with c.group(transform=f"rotate(-14 {x} {y - r * 0.5})"):
        lid = (
            f"M{x - r * 0.3} {y - r * 0.52}C{x - r * 0.1} {y - r * 0.98} {x + r * 0.7} {y - r * 0.98} "
            f"{x + r * 0.95} {y - r * 0.5}Q{x + r * 0.3} {y - r * 0.3} {x - r * 0.3} {y - r * 0.52}Z"
        )
        c.cast(lid, 6, 10, 6, 0.4)
        c.form(lid, "#f6f2e8", depth=12)
        c.path(
            f"M{x - r * 0.14} {y - r * 0.58}Q{x + r * 0.34} {y - r * 0.42} {x + r * 0.82} {y - r * 0.58}",
            "none",
            "#3f6fae",
            4,
        )
        c.form(ring(x + r * 0.32, y - r * 0.93, r * 0.17, r * 0.1), "#e9e2d2", depth=4)
    t.steam(c, x - r * 0.45, y - r * 0.55, r * 1.5, 2, 34, 0.4)


SCENES = {"zh-noodles": noodles, "zh-teahouse": teahouse}
