"""Things on tables and shelves: crockery, lanterns, pots, cloth, wood, an old radio, a sewing machine."""

import math

from album.canvas import box, dark, light, mix, poly, ring, smooth


def planks(c, x, y, w, h, colour, boards=5, horizontal=True, knots=5):
    """A wooden surface with grain, seams and a few knots."""
    c.rect(x, y, w, h, c.fade([(0, light(colour, 0.12)), (1, dark(colour, 0.18))]))
    with c.group(clip_path=c.clip(box(x, y, w, h))):
        for b in range(boards):
            size = (h if horizontal else w) / boards
            at = (y if horizontal else x) + b * size
            tone = mix(light(colour, 0.1), dark(colour, 0.16), c.between(0, 1))
            args = (x, at, w, size) if horizontal else (at, y, size, h)
            c.rect(*args, tone, opacity=0.5)
            for _ in range(26):
                o, wave = at + c.between(0, size), c.between(-7, 7)
                a, e = (x, x + w) if horizontal else (y, y + h)
                start = c.between(a, e - (e - a) * 0.2)
                end = min(e, start + (e - a) * c.between(0.15, 0.7))
                pts = [(start, o), ((start + end) / 2, o + wave), (end, o + wave * 0.3)]
                c.line(
                    pts if horizontal else [(q, p) for p, q in pts],
                    c.rng.choice((dark(colour, 0.4), light(colour, 0.25))),
                    c.between(0.8, 2.4),
                    opacity=0.28,
                )
            if b:
                seam = [(x, at), (x + w, at)] if horizontal else [(at, y), (at, y + h)]
                c.line(seam, dark(colour, 0.6), 3, soft=False, opacity=0.65)
        for _ in range(knots):
            kx, ky, r = x + c.between(0, w), y + c.between(0, h), c.between(5, 11)
            for k in (1.9, 1.3, 0.7):
                c.ellipse(
                    kx,
                    ky,
                    r * k * (1.5 if horizontal else 0.8),
                    r * k * (0.8 if horizontal else 1.5),
                    dark(colour, 0.3 + 0.12 / k),
                    opacity=0.3,
                )


def table_top(c, y, colour, cloth=None, bottom=1200):
    """A table seen from above, from the line `y` down. `cloth`: the colour of a checked cloth on the wood, or None."""
    planks(c, 0, y, 1600, bottom - y, colour, boards=4)
    c.rect(0, y, 1600, 26, c.fade([(0, "#000000", 0.28), (1, "#000000", 0)]))
    if cloth:
        checks(c, [(150, y + 40), (1450, y + 40), (1600, bottom), (0, bottom)], cloth)


def checks(c, corners, colour, n=13, ground="#f7f1e4"):
    """A checked cloth laid into a perspective quadrilateral (far left, far right, near right, near left)."""
    (ax, ay), (bx, by), (dx, dy), (ex, ey) = corners
    at = lambda u, v: (ax + (bx - ax) * u + ((ex + (dx - ex) * u) - (ax + (bx - ax) * u)) * v, ay + (ey - ay) * v)
    c.cast(poly(corners), 0, 8, 12, 0.35)
    c.path(poly(corners), ground)
    with c.group(clip_path=c.clip(poly(corners))):
        for i in range(n):
            u0, u1 = i / n, (i + 0.5) / n
            c.path(poly([at(u0, 0), at(u1, 0), at(u1, 1), at(u0, 1)]), colour, opacity=0.42)
        rows = max(4, n // 2)
        for j in range(rows):
            v0, v1 = (j / rows) ** 1.25, ((j + 0.5) / rows) ** 1.25
            c.path(poly([at(0, v0), at(1, v0), at(1, v1), at(0, v1)]), colour, opacity=0.42)
        for _ in range(9):
            u = c.between(0, 1)
            c.line(
                [at(u, 0), at(u + c.between(-0.05, 0.05), 0.5), at(u, 1)],
                dark(colour, 0.4),
                c.between(8, 26),
                opacity=0.06,
                filter=c.blur(8),
            )


def plate(c, x, y, r, flat=0.42, colour="#f6f1e6", rim=None):
    """A plate seen from above at an angle; `flat` is height over width."""
    c.shadow(x + r * 0.08, y + r * flat * 0.28, r * 1.02, r * flat, 0.4)
    c.form(ring(x, y, r, r * flat), colour, depth=r * 0.05, shade=0.2)
    c.ellipse(x, y + r * flat * 0.04, r * 0.97, r * flat * 0.95, light(colour, 0.25))
    if rim:
        c.path(ring(x, y + r * flat * 0.02, r * 0.9, r * flat * 0.88), "none", rim, r * 0.035, opacity=0.85)
    c.ellipse(
        x,
        y + r * flat * 0.05,
        r * 0.7,
        r * flat * 0.66,
        c.fade([(0, dark(colour, 0.16)), (0.5, dark(colour, 0.03)), (1, light(colour, 0.3))]),
    )


def bowl(c, x, y, r, colour="#f4efe4", flat=0.36, deep=0.62, inside=None, pattern=None):
    """A bowl: rim at `y`, body below. `inside`: colour of what fills it; `pattern`: colour of a painted band."""
    d = (
        f"M{x - r} {y}C{x - r * 0.95} {y + r * deep * 0.75} {x - r * 0.55} {y + r * deep} {x - r * 0.4} "
        f"{y + r * (deep + 0.1)}"
        f"Q{x} {y + r * (deep + 0.2)} {x + r * 0.4} {y + r * (deep + 0.1)}C{x + r * 0.55} {y + r * deep} "
        f"{x + r * 0.95} {y + r * deep * 0.75} {x + r} {y}Z"
    )
    c.shadow(x + r * 0.1, y + r * (deep + 0.08), r * 0.72, r * 0.16, 0.5)
    c.form(d, colour, depth=r * 0.14, shade=0.42)
    if pattern:
        with c.group(clip_path=c.clip(d)):
            c.path(
                f"M{x - r * 1.02} {y + r * 0.1}Q{x} {y + r * (flat + 0.16)} {x + r * 1.02} {y + r * 0.1}",
                "none",
                pattern,
                r * 0.02,
            )
            c.path(
                f"M{x - r * 0.9} {y + r * 0.42}Q{x} {y + r * (flat + 0.5)} {x + r * 0.9} {y + r * 0.42}",
                "none",
                pattern,
                r * 0.02,
            )
            for k in range(-6, 7):
                px = x + math.sin(k / 6.4 * 1.5) * r * 0.97
                py = y + r * (0.26 + flat * 0.98 * math.cos(k / 6.4 * 1.5) * 0.9)
                s = r * 0.085 * (0.4 + 0.6 * math.cos(k / 6.6 * 1.4))
                c.path(
                    f"M{px} {py - r * 0.07}q{s} {r * 0.02} {s} {r * 0.07}t{-s} {r * 0.07}q{-s} {-r * 0.02} "
                    f"{-s} {-r * 0.07}t{s} {-r * 0.07}Z",
                    pattern,
                    opacity=0.85,
                )
                c.ellipse(px, py, s * 0.35, r * 0.02, light(pattern, 0.6))
    c.form(ring(x, y, r, r * flat), colour, depth=r * 0.04, shade=0.15)
    c.ellipse(
        x, y + r * flat * 0.04, r * 0.94, r * flat * 0.92, c.fade([(0, dark(colour, 0.4)), (1, dark(colour, 0.08))])
    )
    if inside:
        c.ellipse(
            x,
            y + r * flat * 0.16,
            r * 0.87,
            r * flat * 0.8,
            c.glow([(0, light(inside, 0.18)), (0.7, inside), (1, dark(inside, 0.3))], 0.42, 0.4, 0.6),
        )


def mug(c, x, y, w, colour="#3f6fa8", h=None, drink="#5a3423"):
    """A mug standing on `y`, `w` wide, handle to the right."""
    h = h or w * 1.05
    c.shadow(x + w * 0.12, y, w * 0.62, w * 0.12, 0.5)
    c.path(
        f"M{x + w * 0.46} {y - h * 0.78}c{w * 0.42} {-h * 0.06} {w * 0.42} {h * 0.56} {-w * 0.02} {h * 0.5}",
        "none",
        dark(colour, 0.3),
        w * 0.13,
    )
    c.path(
        f"M{x + w * 0.46} {y - h * 0.79}c{w * 0.4} {-h * 0.06} {w * 0.4} {h * 0.54} {-w * 0.02} {h * 0.48}",
        "none",
        colour,
        w * 0.08,
    )
    c.form(
        f"M{x - w / 2} {y - h}L{x - w * 0.46} {y - h * 0.08}Q{x} {y + h * 0.09} {x + w * 0.46} "
        f"{y - h * 0.08}L{x + w / 2} {y - h}Z",
        colour,
        depth=w * 0.1,
        shade=0.42,
    )
    c.ellipse(x, y - h, w / 2, w * 0.14, light(colour, 0.22))
    c.ellipse(
        x,
        y - h + w * 0.015,
        w * 0.44,
        w * 0.115,
        c.fade([(0, dark(colour, 0.55)), (0.6, drink), (1, light(drink, 0.15))]),
    )


def steam(c, x, y, h, strands=3, spread=40, opacity=0.5):
    """Wisps of steam."""
    for k in range(strands):
        px = x + (k - (strands - 1) / 2) * spread
        c.line(
            [(px, y), (px + 18, y - h * 0.3), (px - 16, y - h * 0.62), (px + 12, y - h)],
            "#ffffff",
            15,
            opacity=opacity,
            filter=c.blur(9),
        )


def pot(c, x, y, w, h, colour="#b5623e"):
    """A flower pot standing on `y`."""
    c.shadow(x + w * 0.15, y, w * 0.55, w * 0.1, 0.5)
    c.form(
        f"M{x - w * 0.44} {y - h * 0.82}L{x - w * 0.32} {y - 4}Q{x} {y + h * 0.07} {x + w * 0.32} "
        f"{y - 4}L{x + w * 0.44} {y - h * 0.82}Z",
        colour,
        depth=w * 0.1,
        shade=0.4,
    )
    c.form(box(x - w * 0.5, y - h, w, h * 0.22, 8), colour, depth=w * 0.06, shade=0.3)
    c.ellipse(x, y - h, w * 0.47, w * 0.09, "#43301f")


def lantern(c, x, y, r, colour="#d8352c", lit=True, tassel="#e0b040"):
    """A round paper lantern hanging with its middle at (x, y)."""
    if lit:
        c.halo(x, y, r * 3.2, "#ff9a4a", 0.5)
    c.line([(x, y - r * 1.35), (x, y - r * 0.9)], "#3a2a20", max(2, r * 0.05))
    d = ring(x, y, r, r * 0.86)
    c.path(
        d,
        c.glow(
            [(0, "#ffe9a8"), (0.35, mix(colour, "#ffb55a", 0.55)), (0.75, colour), (1, dark(colour, 0.35))],
            0.5,
            0.55,
            0.55,
        )
        if lit
        else colour,
    )
    for k in (-0.72, -0.38, 0, 0.38, 0.72):
        c.path(
            f"M{x} {y - r * 0.86}Q{x + k * r * 1.5:.1f} {y} {x} {y + r * 0.86}",
            "none",
            dark(colour, 0.35),
            max(1, r * 0.03),
            opacity=0.55,
        )
    for side in (-1, 1):
        c.rect(x - r * 0.42, y + side * r * 0.86 - r * 0.09, r * 0.84, r * 0.18, tassel, r * 0.05)
    for k in (-0.16, -0.05, 0.06, 0.17):
        c.line([(x + r * k * 0.6, y + r * 0.95), (x + r * k, y + r * 1.55)], tassel, max(1, r * 0.05))


def bicycle(c, x, y, r, colour="#2f4a5a", tyre="#25242a"):
    """A bicycle seen from the side, wheels of radius `r`, standing on `y`, facing right."""
    for wx in (x - r * 1.45, x + r * 1.45):
        c.shadow(wx, y, r * 0.7, r * 0.06, 0.35)
        c.path(ring(wx, y - r, r * 0.95, r * 0.95), "none", tyre, r * 0.09)
        c.path(ring(wx, y - r, r * 0.86, r * 0.86), "none", "#c9c9c4", r * 0.025)
        for k in range(16):
            a = k / 16 * 6.283
            c.line(
                [(wx, y - r), (wx + math.cos(a) * r * 0.86, y - r + math.sin(a) * r * 0.86)],
                "#b9b9b4",
                r * 0.012,
                soft=False,
                opacity=0.8,
            )
        c.path(
            f"M{wx - r * 0.98} {y - r * 1.35}A{r * 1.05} {r * 1.05} 0 0 1 {wx + r * 0.9} {y - r * 1.5}",
            "none",
            colour,
            r * 0.06,
        )
    b, seat, head, rear, front = (
        (x - r * 0.25, y - r * 0.92),
        (x - r * 0.6, y - r * 2.15),
        (x + r * 0.95, y - r * 2.2),
        (x - r * 1.45, y - r),
        (x + r * 1.45, y - r),
    )
    for p, q in ((b, seat), (b, head), (seat, head), (rear, b), (rear, seat), (head, front)):
        c.line([p, q], colour, r * 0.085, soft=False)
        c.line([p, q], light(colour, 0.4), r * 0.02, soft=False, opacity=0.7)
    c.line(
        [head, (x + r * 0.85, y - r * 2.6), (x + r * 0.55, y - r * 2.72), (x + r * 0.35, y - r * 2.6)],
        "#8d9196",
        r * 0.06,
    )
    c.form(
        smooth(
            [
                (x - r * 0.95, y - r * 2.28),
                (x - r * 0.55, y - r * 2.4),
                (x - r * 0.2, y - r * 2.24),
                (x - r * 0.6, y - r * 2.14),
            ]
        ),
        "#4a2f22",
        depth=r * 0.06,
    )
    c.path(ring(*b, r * 0.2, r * 0.2), "none", "#8d9196", r * 0.05)
    c.line([(b[0] - r * 0.2, b[1] + r * 0.25), (b[0] + r * 0.22, b[1] - r * 0.22)], "#5f6368", r * 0.05)


def basket(c, x, y, w, colour="#b98a4e", lid="#f4efe2", check="#c2403a"):
    """A picnic basket with a cloth peeping out, standing on `y`."""
    h = w * 0.5
    c.shadow(x + w * 0.08, y, w * 0.55, h * 0.14, 0.45)
    c.path(
        f"M{x - w * 0.4} {y - h}C{x - w * 0.36} {y - h * 2.15} {x + w * 0.36} {y - h * 2.15} {x + w * 0.4} {y - h}",
        "none",
        dark(colour, 0.3),
        w * 0.055,
    )
    c.path(
        f"M{x - w * 0.4} {y - h}C{x - w * 0.36} {y - h * 2.18} {x + w * 0.36} {y - h * 2.18} {x + w * 0.4} {y - h}",
        "none",
        colour,
        w * 0.03,
    )
    d = f"M{x - w * 0.5} {y - h}L{x - w * 0.42} {y}L{x + w * 0.42} {y}L{x + w * 0.5} {y - h}Z"
    c.form(d, colour, depth=w * 0.06)
    with c.group(clip_path=c.clip(d)):
        for j in range(7):
            for i in range(15):
                px, py = x - w * 0.5 + (i + (j % 2) * 0.5) * w / 14, y - h + (j + 0.5) * h / 7
                c.path(
                    f"M{px - w / 30:.1f} {py:.1f}q{w / 30:.1f} {-h / 13:.1f} {w / 15:.1f} 0",
                    "none",
                    dark(colour, 0.42),
                    w * 0.012,
                    opacity=0.7,
                )
    cloth = smooth(
        [
            (x - w * 0.52, y - h * 1.0),
            (x - w * 0.2, y - h * 1.16),
            (x + w * 0.2, y - h * 1.14),
            (x + w * 0.52, y - h),
            (x + w * 0.3, y - h * 0.72),
            (x, y - h * 0.84),
            (x - w * 0.3, y - h * 0.7),
        ]
    )
    c.form(cloth, lid, depth=w * 0.03, shade=0.2)
    with c.group(clip_path=c.clip(cloth), opacity=0.5):
        for k in range(-6, 7):
            c.line(
                [(x + k * w * 0.09, y - h * 1.3), (x + k * w * 0.09 + w * 0.03, y - h * 0.5)],
                check,
                w * 0.035,
                soft=False,
            )
        for k in range(4):
            c.line(
                [(x - w * 0.6, y - h * (1.15 - k * 0.15)), (x + w * 0.6, y - h * (1.12 - k * 0.15))],
                check,
                w * 0.03,
                soft=False,
            )
