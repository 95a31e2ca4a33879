"""Houses, windows, bridges, awnings and painted letters."""

import math

from album.canvas import box, dark, light, mix, poly, smooth


def plaster(c, d, colour="#efe9dc", stains=26, extent=(0, 0, 1600, 1200)):
    """An old plastered wall filling the path data `d`: uneven, with damp at the foot."""
    x, y, w, h = extent
    c.path(d, c.fade([(0, light(colour, 0.2)), (0.7, colour), (1, dark(colour, 0.22))]))
    with c.group(clip_path=c.clip(d)):
        for _ in range(stains):
            px, py = x + c.between(0, w), y + h * c.between(0, 1) ** 0.6
            c.ellipse(
                px,
                py,
                c.between(15, 80),
                c.between(20, 110),
                c.rng.choice((dark(colour, 0.3), light(colour, 0.4), "#8f937f")),
                opacity=0.1,
                filter=c.blur(12),
            )
        for _ in range(stains // 2):
            px, py, n = x + c.between(0, w), y + c.between(0, h * 0.5), c.between(30, 120)
            c.line(
                [(px, py), (px + c.between(-4, 4), py + n)],
                dark(colour, 0.35),
                c.between(2, 6),
                opacity=0.13,
                filter=c.blur(3),
            )


def tiles(c, x, y, w, h, colour="#4b4e57", rows=6, over=18):
    """A roof of dark tiles seen from the front: eaves at `y`, ridge `h` above."""
    d = poly([(x - over, y), (x + over * 0.6, y - h), (x + w - over * 0.6, y - h), (x + w + over, y)])
    c.path(d, c.fade([(0, light(colour, 0.12)), (1, dark(colour, 0.25))]))
    with c.group(clip_path=c.clip(d)):
        for i in range(int((w + 2 * over) / 15) + 1):
            px = x - over + i * 15
            tilt = (px - x - w / 2) / w * over * 1.5
            c.line([(px, y), (px - tilt, y - h)], dark(colour, 0.5), 4, soft=False, opacity=0.75)
            c.line([(px + 5, y), (px + 5 - tilt, y - h)], light(colour, 0.25), 3, soft=False, opacity=0.4)
        for j in range(rows):
            c.line(
                [(x - over, y - j * h / rows), (x + w + over, y - j * h / rows)],
                dark(colour, 0.5),
                2,
                soft=False,
                opacity=0.35,
            )
    for i in range(int((w + 2 * over) / 15) + 1):
        c.ellipse(x - over + i * 15 + 3, y + 2, 6, 6, light(colour, 0.08))
    c.rect(x + over * 0.4, y - h - 9, w - over * 0.8, 14, dark(colour, 0.15), 4)
    c.rect(x, y + 6, w, 20, c.fade([(0, "#1b1a2e", 0.4), (1, "#1b1a2e", 0)]))


def lattice(c, x, y, w, h, frame="#6a3f2c", glass="#5c6a74", cols=3, rows=4, lit=None):
    """A wooden lattice window; `lit` is the colour of lamplight behind it."""
    c.rect(x - 7, y - 7, w + 14, h + 14, dark(frame, 0.35), 3)
    c.rect(
        x,
        y,
        w,
        h,
        c.glow([(0, light(lit, 0.45)), (1, lit)], 0.5, 0.6, 0.8)
        if lit
        else c.fade([(0, light(glass, 0.25)), (1, dark(glass, 0.4))]),
    )
    for i in range(cols + 1):
        c.line([(x + i * w / cols, y), (x + i * w / cols, y + h)], frame, 5, soft=False)
    for j in range(rows + 1):
        c.line([(x, y + j * h / rows), (x + w, y + j * h / rows)], frame, 5, soft=False)
    c.rect(x - 14, y + h + 6, w + 28, 12, light(frame, 0.12), 3)


def river_house(c, x, y, w, h, wall="#efe9dc", roof=70, windows=2, lit=None, door=False):
    """A white canal-side house: its foot at `y`, eaves `h` above, tiled roof on top."""
    d = poly([(x, y), (x, y - h), (x + w, y - h), (x + w, y)])
    plaster(c, d, wall, 14, (x, y - h, w, h))
    size = min(h * 0.34, w / windows * 0.5)
    for k in range(windows):
        lattice(
            c,
            x + w * (k + 0.5) / windows - size * 0.4,
            y - h * 0.72,
            size * 0.8,
            size,
            lit=lit if lit and (k + int(x)) % 3 else None,
        )
    if door:
        c.rect(x + w * 0.4, y - h * 0.34, w * 0.2, h * 0.34, c.fade([(0, "#3a2419"), (1, "#5c3a28")]), 2)
    c.rect(x, y - 26, w, 26, c.fade([(0, "#6f6a60", 0), (1, "#4f5148", 0.8)]))
    tiles(c, x, y - h, w, roof)


def stone_courses(c, d, extent, colour, course=34):
    """Masonry inside path data `d`."""
    x, y, w, h = extent
    c.path(d, c.fade([(0, light(colour, 0.18)), (1, dark(colour, 0.25))]))
    with c.group(clip_path=c.clip(d)):
        row, py = 0, y
        while py < y + h:
            px = x - (course if row % 2 else 0)
            while px < x + w:
                n = course * c.between(1.3, 2.5)
                c.rect(
                    px + 1.5,
                    py + 1.5,
                    n - 3,
                    course - 3,
                    mix(light(colour, 0.25), dark(colour, 0.22), c.between(0, 1)),
                    4,
                    opacity=0.7,
                )
                px += n
            py += course
            row += 1


def arch_bridge(c, x, y, span, rise, colour="#a39a8b", deck=70, run=240):
    """A stone bridge with one round arch: middle at x, water at `y`, the arch `span` wide and `rise` high.

    Returns its top line.
    """
    r = span / 2
    top = [
        (x - r - run, y - rise * 0.3),
        (x - r * 0.6, y - rise - deck * 0.62),
        (x, y - rise - deck),
        (x + r * 0.6, y - rise - deck * 0.62),
        (x + r + run, y - rise * 0.3),
    ]
    arch = (
        f"L{x + r + run} {y + 10}L{x + r} {y + 10}L{x + r} {y}A{r} {rise} 0 0 0 {x - r} {y}L{x - r} "
        f"{y + 10}L{x - r - run} {y + 10}Z"
    )
    d = smooth(top, False) + arch
    stone_courses(c, d, (x - r - run, y - rise - deck, span + 2 * run, rise + deck + 10), colour)
    c.path(f"M{x - r} {y}A{r} {rise} 0 0 1 {x + r} {y}", "none", dark(colour, 0.35), 22, opacity=0.5)
    n = 17
    for k in range(n + 1):
        a = math.pi * k / n
        c.line(
            [
                (x - math.cos(a) * r, y - math.sin(a) * rise),
                (x - math.cos(a) * (r + 30), y - math.sin(a) * (rise + 30)),
            ],
            dark(colour, 0.5),
            2.5,
            soft=False,
            opacity=0.6,
        )
    c.path(f"M{x - r - 31} {y}A{r + 31} {rise + 31} 0 0 1 {x + r + 31} {y}", "none", light(colour, 0.3), 3, opacity=0.7)
    with c.group(transform="translate(0 -34)"):
        c.line(top, light(colour, 0.15), 14)
    for k in range(15):
        t = k / 14
        px = x - r - run + (span + 2 * run) * t
        py = _along(top, px)
        c.rect(px - 7, py - 48, 14, 52, c.fade([(0, light(colour, 0.3)), (1, dark(colour, 0.15))], 0, 0, 1, 0), 2)
        c.ellipse(px, py - 50, 9, 7, light(colour, 0.28))
    c.line(top, dark(colour, 0.2), 8, opacity=0.6)
    return top


def _along(points, x):
    """Height of a polyline at x, eased like `smooth`."""
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        if x0 <= x <= x1:
            t = (x - x0) / (x1 - x0)
            return y0 + (y1 - y0) * (t * 0.7 + 0.3 * t * t * (3 - 2 * t))
    return points[-1][1]


def window(c, x, y, w, h, frame="#f2ece0", panes=(2, 3), view=None, bar=12):
    """A wooden window; `view()` draws what is seen outside, inside the glass."""
    c.rect(
        x - bar * 1.6,
        y - bar * 1.6,
        w + bar * 3.2,
        h + bar * 3.2,
        c.fade([(0, light(frame, 0.2)), (1, dark(frame, 0.2))]),
        5,
    )
    with c.group(clip_path=c.clip(box(x, y, w, h))):
        c.rect(x, y, w, h, "#cfe0e8")
        if view:
            view()
    for i in range(1, panes[0]):
        c.rect(
            x + w * i / panes[0] - bar / 2,
            y,
            bar,
            h,
            c.fade([(0, light(frame, 0.1)), (1, dark(frame, 0.15))], 0, 0, 1, 0),
        )
    for j in range(1, panes[1]):
        c.rect(x, y + h * j / panes[1] - bar / 2, w, bar, c.fade([(0, light(frame, 0.1)), (1, dark(frame, 0.2))]))
    c.rect(
        x - bar * 3,
        y + h + bar * 1.4,
        w + bar * 6,
        bar * 2.2,
        c.fade([(0, light(frame, 0.15)), (1, dark(frame, 0.3))]),
        4,
    )


def awning(c, x, y, w, drop, out, colours, stripes=12):
    """A striped awning: fixed at `y`, its edge `drop` lower and `out` px wider on each side."""
    for i in range(stripes):
        a, b = i / stripes, (i + 1) / stripes
        colour = colours[i % len(colours)]
        c.path(
            poly(
                [
                    (x + w * a, y),
                    (x + w * b, y),
                    (x - out + (w + 2 * out) * b, y + drop),
                    (x - out + (w + 2 * out) * a, y + drop),
                ]
            ),
            c.fade([(0, dark(colour, 0.12)), (1, light(colour, 0.1))]),
        )
        ex, en = x - out + (w + 2 * out) * a, (w + 2 * out) / stripes
        c.path(f"M{ex} {y + drop}h{en}v26q{-en / 2} 26 {-en} 0Z", dark(colour, 0.1))
    c.rect(x - out, y + drop - 3, w + 2 * out, 6, "#000000", opacity=0.12)
    c.rect(
        x - out * 0.5, y + drop + 44, w + out, 90, c.fade([(0, "#1b1a2e", 0.35), (1, "#1b1a2e", 0)]), filter=c.blur(10)
    )


# Letters and figures as strokes in a 4 x 6 box, y downwards: signs need no font, so they look the same everywhere.
STROKES = {
    "A": [[(0, 6), (2, 0), (4, 6)], [(0.8, 4), (3.2, 4)]],
    "B": [[(0, 0), (0, 6), (3, 6), (4, 5), (4, 4), (3, 3), (0, 3)], [(3, 3), (3.7, 2), (3.7, 1), (3, 0), (0, 0)]],
    "C": [[(4, 1), (3, 0), (1, 0), (0, 1.5), (0, 4.5), (1, 6), (3, 6), (4, 5)]],
    "E": [[(4, 0), (0, 0), (0, 6), (4, 6)], [(0, 3), (3, 3)]],
    "G": [[(4, 1), (3, 0), (1, 0), (0, 1.5), (0, 4.5), (1, 6), (3, 6), (4, 5), (4, 3.3), (2.4, 3.3)]],
    "I": [[(1, 0), (1, 6)]],
    "K": [[(0, 0), (0, 6)], [(4, 0), (0, 3.4)], [(1.4, 2.6), (4, 6)]],
    "L": [[(0, 0), (0, 6), (4, 6)]],
    "R": [[(0, 6), (0, 0), (3, 0), (4, 1), (4, 2.2), (3, 3.2), (0, 3.2)], [(2, 3.2), (4, 6)]],
    "U": [[(0, 0), (0, 4.6), (1, 6), (3, 6), (4, 4.6), (4, 0)]],
    "Y": [[(0, 0), (2, 3), (4, 0)], [(2, 3), (2, 6)]],
    "S": [[(4, 1), (3, 0), (1, 0), (0, 1), (0.4, 2.4), (3.6, 3.6), (4, 5), (3, 6), (1, 6), (0, 5)]],
    "'": [[(1, 0), (0.7, 1.4)]],
    " ": [],
    "7": [[(0, 0), (4, 0), (1.6, 6)]],
    "T": [[(0, 0), (4, 0)], [(2, 0), (2, 6)]],
    # 茶, in a 6 x 6 box
    "茶": [
        [(0.2, 1), (5.8, 1)],
        [(2, 0.2), (2, 1.8)],
        [(4, 0.2), (4, 1.8)],
        [(3, 1.7), (1.8, 3), (0.2, 3.8)],
        [(3, 1.7), (4.2, 3), (5.8, 3.8)],
        [(1.3, 4), (4.7, 4)],
        [(3, 3), (3, 6)],
        [(2.2, 4.6), (1.2, 5.6)],
        [(3.8, 4.6), (4.8, 5.6)],
    ],
}


def sign(c, text, x, y, height, colour, weight=None, gap=1.5, opacity=None):
    """Letters of `height` px painted from (x, y), the top left corner. Returns the width."""
    unit, start = height / 6, x
    for letter in text:
        for stroke in STROKES[letter]:
            c.line(
                [(x + px * unit, y + py * unit) for px, py in stroke],
                colour,
                weight or height / 8,
                soft=False,
                opacity=opacity,
            )
        x += (2 if letter in "' I" else 6 if letter == "茶" else 4) * unit + gap * unit
    return x - start
