"""Sky, hills, trees, flowers and water."""

import math

from album.canvas import HEIGHT, WIDTH, dark, light, mix, smooth


def sky(c, stops, bottom=HEIGHT):
    """Sky over the whole width down to `bottom`; `stops` are (place, colour)."""
    c.rect(0, 0, WIDTH, bottom, c.fade(stops))


def cloud(c, x, y, w, colour="#ffffff", opacity=0.8):
    """A cloud with a flat foot, `w` px wide."""
    with c.group(filter=c.blur(round(w / 55, 1)), opacity=opacity):
        for _ in range(26):
            u = c.between(-0.5, 0.5)
            r = w * (0.15 - 0.34 * u * u) * c.between(0.45, 1)
            c.ellipse(
                x + u * w, y - r * c.between(0.1, 1.2), r * 1.3, r * 0.85, mix(colour, "#e6ecf5", c.between(0, 0.5))
            )
        c.ellipse(x, y + w * 0.02, w * 0.45, w * 0.05, dark(colour, 0.08), opacity=0.5)


def hills(c, base, height, colour, waves=3, rough=1.0, bottom=HEIGHT, mist=None):
    """A ridge across the picture, its crest `height` above `base`; `mist` is the colour its foot fades into."""
    phase = [(c.between(0, 6.3), c.between(0.6, 1.4)) for _ in range(4)]
    points = []
    for i in range(41):
        u = i / 40
        y = sum(
            math.sin(u * 6.3 * waves * (k + 1) * f / 2 + p) / (k + 1) ** (1.6 / rough) for k, (p, f) in enumerate(phase)
        )
        points.append((u * WIDTH, base - height * (0.5 + y * 0.28)))
    d = smooth(points, False) + f"L{WIDTH} {bottom}L0 {bottom}Z"
    c.path(d, c.fade([(0, light(colour, 0.08)), (0.75, mist or colour)]))
    return points


def leaves(c, x, y, rx, ry, colours, count=220, size=16, lit=True):
    """A crown of leaves: dark at the foot, light towards the sun. `size` is a leaf's length in px."""
    sx, sy = c.sun
    spots = []
    for _ in range(count):
        a, r = c.between(0, 6.283), math.sqrt(c.between(0, 1))
        spots.append((math.cos(a) * r, math.sin(a) * r))
    c.path(_lumpy(c, x, y, rx * 0.92, ry * 0.92), dark(colours[0], 0.35), filter=c.blur(3))
    spots.sort(key=lambda p: p[0] * sx + p[1] * sy)
    for u, v in spots:
        towards = (u * sx + v * sy) / 1.42 * 0.5 + 0.5
        base = colours[min(len(colours) - 1, int(max(0, towards + c.between(-0.25, 0.25)) * len(colours)))]
        tone = light(base, max(0, towards - 0.55) * 0.7) if lit else base
        s = size * c.between(0.6, 1.2)
        turn = c.between(0, 180)
        px, py = x + u * rx, y + v * ry
        with c.group(transform=f"rotate({turn:.0f} {px:.1f} {py:.1f})"):
            c.path(
                f"M{px - s:.1f} {py:.1f}Q{px:.1f} {py - s * 0.62:.1f} {px + s:.1f} {py:.1f}Q{px:.1f} "
                f"{py + s * 0.62:.1f} {px - s:.1f} {py:.1f}Z",
                tone,
                opacity=0.93,
            )


def _lumpy(c, x, y, rx, ry, lumps=11):
    return smooth(
        [
            (
                x + math.cos(i / lumps * 6.283) * rx * c.between(0.82, 1.05),
                y + math.sin(i / lumps * 6.283) * ry * c.between(0.82, 1.05),
            )
            for i in range(lumps)
        ]
    )


def trunk(c, x, y, h, w, colour="#6b4f3c", lean=0):
    """A tree trunk standing at (x, y)."""
    d = (
        f"M{x - w * 0.7:.0f} {y}Q{x - w * 0.3:.0f} {y - h * 0.4:.0f} {x - w * 0.3 + lean:.0f} {y - h}"
        f"L{x + w * 0.3 + lean:.0f} {y - h}Q{x + w * 0.3:.0f} {y - h * 0.4:.0f} {x + w * 0.75:.0f} {y}Z"
    )
    c.form(d, colour, depth=w * 0.25)


def tree(c, x, y, h, colours=("#3f6b3f", "#5c8a4a", "#86ad5c"), spread=0.42, size=17, count=340):
    """A broad tree of height `h` with its foot at (x, y)."""
    c.shadow(x + h * 0.1, y, h * 0.3, h * 0.035)
    trunk(c, x, y, h * 0.6, h * 0.055)
    for dx, dy, k in ((-0.2, -0.58, 0.62), (0.22, -0.56, 0.6), (0, -0.74, 0.85)):
        leaves(
            c, x + dx * h, y + dy * h, h * spread * k * 0.8, h * spread * k * 0.62, colours, int(count * k * 0.6), size
        )


def willow(c, x, y, w, length, colours=("#5f8746", "#7fa556", "#a9c56f"), strands=34):
    """Hanging willow branches from a bough at height `y`."""
    for _ in range(strands):
        sx = x + c.between(-w, w)
        top = y + abs(sx - x) * 0.25 + c.between(-18, 18)
        n = length * c.between(0.5, 1) * (1 - abs(sx - x) / w * 0.35)
        sway = c.between(-26, 10)
        colour = colours[c.rng.randrange(len(colours))]
        c.line([(sx, top), (sx + sway * 0.3, top + n * 0.5), (sx + sway, top + n)], dark(colour, 0.1), 2, opacity=0.8)
        for k in range(int(n / 11)):
            t = k * 11 / n
            px, py = sx + sway * t * t, top + n * t
            side = 1 if k % 2 else -1
            c.path(
                f"M{px:.1f} {py:.1f}q{side * 12} 4 {side * 14} {c.between(14, 22):.1f}q{-side * 11} "
                f"-5 {-side * 14} -14Z",
                mix(colour, "#e8eeb0", c.between(0, 0.35)),
                opacity=0.9,
            )


def grass(c, x0, x1, y0, y1, colours, blades=500, height=20):
    """Tufts over a strip of ground; nearer ones are taller."""
    for _ in range(blades):
        t = c.between(0, 1) ** 0.7
        y, x = y0 + (y1 - y0) * t, c.between(x0, x1)
        h = height * (0.35 + 0.9 * t) * c.between(0.6, 1.2)
        lean = c.between(-0.5, 0.5) * h
        c.path(
            f"M{x:.1f} {y:.1f}q{lean * 0.2:.1f} {-h * 0.6:.1f} {lean:.1f} {-h:.1f}",
            "none",
            colours[c.rng.randrange(len(colours))],
            1.4 + 2 * t,
            opacity=0.8,
        )


def rose(c, x, y, r, colour):
    """A blossom of overlapping petals."""
    c.ellipse(x + r * 0.08, y + r * 0.12, r, r * 0.95, dark(colour, 0.35), opacity=0.6, filter=c.blur(round(r / 8, 1)))
    for layer, (k, n) in enumerate(((1, 6), (0.72, 5), (0.45, 4))):
        turn = c.between(0, 6)
        for i in range(n):
            a = turn + i / n * 6.283
            px, py = x + math.cos(a) * r * k * 0.5, y + math.sin(a) * r * k * 0.45
            up = (-math.sin(a) - math.cos(a)) * 0.12
            tone = mix(light(colour, 0.25 + up), dark(colour, 0.12), layer / 3)
            c.ellipse(px, py, r * k * 0.55, r * k * 0.5, tone)
            c.path(
                f"M{px - r * k * 0.4:.1f} {py + r * k * 0.1:.1f}q{r * k * 0.4:.1f} {r * k * 0.45:.1f} "
                f"{r * k * 0.8:.1f} 0",
                "none",
                dark(colour, 0.25),
                max(0.6, r / 22),
                opacity=0.35,
            )
    c.ellipse(x, y, r * 0.16, r * 0.15, dark(colour, 0.3))


def water(c, y0, y1, top, deep, streaks=260, x0=0, x1=WIDTH, glint="#ffffff"):
    """A sheet of water from `y0` (far) to `y1` (near): gradient and flat, broken streaks."""
    c.rect(x0, y0, x1 - x0, y1 - y0, c.fade([(0, top), (1, deep)]))
    wavelets(c, y0, y1, top, deep, streaks, x0, x1, glint)


def wavelets(c, y0, y1, top, deep, streaks=260, x0=0, x1=WIDTH, glint="#ffffff"):
    """Only the streaks of `water`, to lay over a reflection."""
    for _ in range(streaks):
        t = c.between(0, 1) ** 1.5
        y, w = y0 + (y1 - y0) * t, (18 + 150 * t) * c.between(0.4, 1.2)
        x = c.between(x0, x1)
        colour = c.rng.choice((light(top, 0.4), dark(deep, 0.18), mix(top, deep, 0.5), light(deep, 0.2)))
        c.ellipse(x, y, w / 2, 1 + 3.2 * t, colour, opacity=round(c.between(0.12, 0.4), 2))
    for _ in range(streaks // 6):
        t = c.between(0, 1)
        c.ellipse(c.between(x0, x1), y0 + (y1 - y0) * t, 3 + 14 * t, 0.8 + 1.4 * t, glint, opacity=0.5)


def bird(c, x, y, s, colour="#39405a"):
    """A far bird, two wing strokes."""
    c.path(
        f"M{x - s} {y - s * 0.35:.1f}Q{x - s * 0.4:.1f} {y - s * 0.5:.1f} {x} {y}Q{x + s * 0.4:.1f} "
        f"{y - s * 0.5:.1f} {x + s} {y - s * 0.35:.1f}",
        "none",
        colour,
        max(1.5, s / 7),
    )
