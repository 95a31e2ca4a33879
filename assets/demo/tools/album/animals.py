"""A cat, dogs, a duck and a gull. Sizes are in px; (x, y) is where they stand or lie."""

from album.canvas import dark, light, mix, ring, smooth


def sleeping_cat(c, x, y, w, colour="#e08a3c", belly="#f6dfbd"):
    """A cat curled up, `w` wide, lying on the line y."""
    h = w * 0.42
    c.shadow(x, y, w * 0.52, h * 0.1, 0.45)
    c.form(
        smooth(
            [
                (x - w * 0.5, y - h * 0.15),
                (x - w * 0.42, y - h * 0.7),
                (x - w * 0.1, y - h),
                (x + w * 0.28, y - h * 0.85),
                (x + w * 0.5, y - h * 0.4),
                (x + w * 0.46, y - h * 0.02),
                (x, y),
            ]
        ),
        colour,
        depth=w * 0.06,
    )
    for k, top in ((-0.12, 0.98), (0.03, 0.97), (0.18, 0.9), (0.31, 0.74)):
        c.line(
            [
                (x + w * k, y - h * top),
                (x + w * (k + 0.05), y - h * (top - 0.24)),
                (x + w * (k + 0.04), y - h * (top - 0.42)),
            ],
            dark(colour, 0.3),
            w * 0.022,
            opacity=0.65,
        )
    c.line(
        [
            (x + w * 0.47, y - h * 0.2),
            (x + w * 0.25, y - h * 0.03),
            (x - w * 0.1, y - h * 0.05),
            (x - w * 0.3, y - h * 0.1),
        ],
        dark(colour, 0.12),
        w * 0.085,
    )
    c.line(
        [
            (x + w * 0.47, y - h * 0.23),
            (x + w * 0.25, y - h * 0.07),
            (x - w * 0.1, y - h * 0.09),
            (x - w * 0.28, y - h * 0.13),
        ],
        colour,
        w * 0.055,
    )
    hx, hy, r = x - w * 0.36, y - h * 0.42, w * 0.145
    for side in (-1, 1):
        ex = hx + side * r * 0.62
        c.form(
            f"M{ex - r * 0.4} {hy - r * 0.55}L{ex + side * r * 0.1} {hy - r * 1.45}L{ex + r * 0.42} {hy - r * 0.5}Z",
            colour,
            depth=r * 0.15,
        )
        c.path(
            f"M{ex - r * 0.18} {hy - r * 0.7}L{ex + side * r * 0.08} {hy - r * 1.2}L{ex + r * 0.2} {hy - r * 0.65}Z",
            "#e7a48c",
        )
    c.form(ring(hx, hy, r * 1.12, r * 0.95), colour, depth=r * 0.25)
    c.ellipse(hx, hy + r * 0.4, r * 0.52, r * 0.38, belly)
    c.path(f"M{hx - r * 0.1} {hy + r * 0.2}h{r * 0.2}l{-r * 0.1} {r * 0.12}Z", "#c9766a")
    for side in (-1, 1):
        c.path(
            f"M{hx + side * r * 0.2} {hy}q{side * r * 0.2} {r * 0.16} {side * r * 0.42} 0", "none", "#4b2f1e", r * 0.07
        )
        for k in (0.1, 0.25):
            c.line(
                [(hx + side * r * 0.45, hy + r * (0.3 + k)), (hx + side * r * 1.35, hy + r * (0.2 + k * 1.8))],
                "#fff6e6",
                r * 0.035,
                opacity=0.8,
            )
    for k in (-0.35, 0.1, 0.45):
        c.line(
            [(hx + r * k, hy - r * 0.88), (hx + r * k * 0.8, hy - r * 0.45)], dark(colour, 0.3), r * 0.09, opacity=0.6
        )


def sleeping_dog(c, x, y, w, colour="#8d8f96", muzzle="#c9c6c0"):
    """A shaggy dog asleep on its side, head to the left, `w` long."""
    h = w * 0.36
    c.shadow(x, y + 4, w * 0.52, h * 0.12, 0.5)
    c.form(
        smooth(
            [
                (x - w * 0.3, y - h * 0.72),
                (x, y - h),
                (x + w * 0.32, y - h * 0.92),
                (x + w * 0.47, y - h * 0.45),
                (x + w * 0.42, y - h * 0.03),
                (x, y),
                (x - w * 0.3, y - h * 0.05),
            ]
        ),
        colour,
        depth=w * 0.05,
    )
    c.line(
        [(x + w * 0.44, y - h * 0.3), (x + w * 0.56, y - h * 0.2), (x + w * 0.5, y - h * 0.02), (x + w * 0.36, y)],
        dark(colour, 0.1),
        w * 0.05,
    )
    for leg in ((0.3, 0.05), (-0.16, -0.03)):
        c.line(
            [
                (x + w * leg[0], y - h * 0.22),
                (x + w * (leg[0] - 0.12), y - h * 0.06),
                (x + w * (leg[0] - 0.24), y - h * 0.03),
            ],
            dark(colour, 0.12),
            w * 0.075,
        )
        c.line(
            [
                (x + w * leg[0], y - h * 0.25),
                (x + w * (leg[0] - 0.12), y - h * 0.09),
                (x + w * (leg[0] - 0.23), y - h * 0.05),
            ],
            light(colour, 0.12),
            w * 0.05,
        )
    for _ in range(150):
        px, py = x + w * c.between(-0.28, 0.44), y - h * c.between(0.12, 0.92)
        n = w * c.between(0.02, 0.045)
        c.line(
            [(px, py), (px + n * 0.5, py + n * 0.3), (px + n, py + n * 0.8)],
            c.rng.choice((light(colour, 0.25), dark(colour, 0.25))),
            w * 0.006,
            opacity=0.5,
        )
    hx, hy, r = x - w * 0.37, y - h * 0.4, w * 0.125
    c.form(
        smooth(
            [
                (hx + r, hy - r * 0.6),
                (hx + r * 0.1, hy - r * 1.02),
                (hx - r * 0.8, hy - r * 0.35),
                (hx - r * 1.75, hy + r * 0.25),
                (hx - r * 1.7, hy + r * 0.85),
                (hx - r * 0.4, hy + r * 1.0),
                (hx + r, hy + r * 0.75),
            ]
        ),
        colour,
        depth=r * 0.3,
    )
    c.form(
        smooth(
            [
                (hx - r * 0.75, hy + r * 0.05),
                (hx - r * 1.75, hy + r * 0.28),
                (hx - r * 1.72, hy + r * 0.85),
                (hx - r * 0.6, hy + r * 0.95),
            ]
        ),
        muzzle,
        depth=r * 0.2,
    )
    c.ellipse(hx - r * 1.72, hy + r * 0.36, r * 0.22, r * 0.18, "#2a2528")
    c.path(f"M{hx - r * 0.75} {hy - r * 0.05}q{r * 0.2} {r * 0.18} {r * 0.42} {r * 0.02}", "none", "#2a2528", r * 0.09)
    c.form(
        smooth(
            [
                (hx + r * 0.1, hy - r * 0.75),
                (hx + r * 0.75, hy - r * 0.5),
                (hx + r * 0.85, hy + r * 0.5),
                (hx + r * 0.35, hy + r * 0.85),
                (hx + r * 0.05, hy),
            ]
        ),
        dark(colour, 0.25),
        depth=r * 0.2,
    )
    for _ in range(26):
        px, py = hx + r * c.between(-0.5, 0.9), hy + r * c.between(-0.7, 0.6)
        c.line([(px, py), (px - r * 0.12, py + r * 0.25)], mix(colour, "#ffffff", 0.3), r * 0.05, opacity=0.45)


def dog(c, x, y, h, colour="#8d8f96", face_left=True):
    """A dog standing or running, side view, `h` to the back."""
    with c.group(transform=f"translate({x} {y}) scale({1 if face_left else -1} 1)"):
        c.shadow(0, 0, h * 0.8, h * 0.08, 0.35)
        for lx, k in ((-0.52, -0.2), (-0.36, 0.16), (0.42, -0.18), (0.56, 0.2)):
            c.line(
                [(h * lx, -h * 0.5), (h * (lx + k * 0.5), -h * 0.22), (h * (lx + k), 0)], dark(colour, 0.2), h * 0.13
            )
        c.line([(h * 0.55, -h * 0.8), (h * 0.85, -h * 1.1), (h * 1.02, -h * 1.02)], colour, h * 0.1)
        c.form(
            smooth(
                [
                    (-h * 0.62, -h * 0.9),
                    (0, -h * 1.0),
                    (h * 0.6, -h * 0.95),
                    (h * 0.66, -h * 0.55),
                    (0, -h * 0.4),
                    (-h * 0.6, -h * 0.45),
                ]
            ),
            colour,
            depth=h * 0.12,
        )
        c.form(
            smooth(
                [
                    (-h * 0.5, -h * 1.0),
                    (-h * 0.7, -h * 1.4),
                    (-h * 0.95, -h * 1.38),
                    (-h * 1.3, -h * 1.12),
                    (-h * 1.25, -h * 0.98),
                    (-h * 0.9, -h * 0.95),
                    (-h * 0.6, -h * 0.7),
                ]
            ),
            colour,
            depth=h * 0.1,
        )
        c.ellipse(-h * 1.3, -h * 1.12, h * 0.055, h * 0.05, "#2a2528")
        c.ellipse(-h * 0.98, -h * 1.22, h * 0.03, h * 0.03, "#2a2528")
        c.form(
            smooth([(-h * 0.72, -h * 1.38), (-h * 0.58, -h * 1.2), (-h * 0.62, -h * 0.95), (-h * 0.76, -h * 1.08)]),
            dark(colour, 0.3),
            depth=h * 0.05,
        )


def duck(c, x, y, w, colour="#8a6a4c", head="#2f6b4f"):
    """A duck on the water, `w` long, looking left."""
    c.ellipse(x, y + w * 0.06, w * 0.6, w * 0.07, "#ffffff", opacity=0.35)
    c.form(
        smooth(
            [
                (x - w * 0.38, y - w * 0.1),
                (x - w * 0.1, y - w * 0.26),
                (x + w * 0.3, y - w * 0.24),
                (x + w * 0.54, y - w * 0.36),
                (x + w * 0.42, y + w * 0.02),
                (x, y + w * 0.08),
                (x - w * 0.34, y + w * 0.04),
            ]
        ),
        colour,
        depth=w * 0.06,
    )
    c.form(
        smooth(
            [
                (x - w * 0.38, y - w * 0.05),
                (x - w * 0.36, y - w * 0.36),
                (x - w * 0.2, y - w * 0.38),
                (x - w * 0.18, y - w * 0.1),
            ]
        ),
        head,
        depth=w * 0.04,
    )
    c.form(ring(x - w * 0.3, y - w * 0.4, w * 0.13, w * 0.115), head, depth=w * 0.04)
    c.form(
        smooth([(x - w * 0.4, y - w * 0.42), (x - w * 0.56, y - w * 0.36), (x - w * 0.4, y - w * 0.34)]),
        "#e5a63a",
        depth=w * 0.02,
    )
    c.ellipse(x - w * 0.33, y - w * 0.43, w * 0.02, w * 0.02, "#17130f")
    c.path(
        f"M{x - w * 0.05} {y - w * 0.14}q{w * 0.2} {w * 0.12} {w * 0.4} {-w * 0.02}",
        "none",
        dark(colour, 0.4),
        w * 0.025,
        opacity=0.6,
    )


def gull(c, x, y, h):
    """A gull standing, looking left."""
    for k in (-0.06, 0.1):
        c.line([(x + h * k, y - h * 0.3), (x + h * k, y)], "#d99a3a", h * 0.04)
    c.form(
        smooth(
            [
                (x - h * 0.3, y - h * 0.62),
                (x - h * 0.1, y - h * 0.3),
                (x + h * 0.3, y - h * 0.3),
                (x + h * 0.75, y - h * 0.45),
                (x + h * 0.35, y - h * 0.68),
                (x, y - h * 0.75),
            ]
        ),
        "#f3f1ea",
        depth=h * 0.07,
    )
    c.form(
        smooth(
            [
                (x - h * 0.05, y - h * 0.66),
                (x + h * 0.35, y - h * 0.64),
                (x + h * 0.85, y - h * 0.46),
                (x + h * 0.3, y - h * 0.42),
                (x, y - h * 0.48),
            ]
        ),
        "#9aa3ad",
        depth=h * 0.06,
    )
    c.form(ring(x - h * 0.24, y - h * 0.78, h * 0.16, h * 0.15), "#f6f4ee", depth=h * 0.05)
    c.path(f"M{x - h * 0.36} {y - h * 0.8}L{x - h * 0.58} {y - h * 0.74}L{x - h * 0.37} {y - h * 0.71}Z", "#e2a535")
    c.ellipse(x - h * 0.29, y - h * 0.82, h * 0.022, h * 0.022, "#1c1a18")
