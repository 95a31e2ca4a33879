"""People from behind or at a distance. Heights and places are in px; (x, y) is where the feet stand."""

from album.canvas import dark, light, poly, ring, smooth


SKIN = "#e2b592"


def person(
    c,
    x,
    y,
    h,
    coat,
    legs="#4a4f63",
    hair="#3a302d",
    style="short",
    skirt=None,
    arms=((-0.13, 0.4), (0.13, 0.4)),
    wide=1.0,
    hat=None,
    scarf=None,
    skin=SKIN,
    shoes="#3a2e2a",
    shadow=True,
    stride=0.03,
    shine=0.25,
):
    """A grown-up (or with a bigger head a child) seen from behind.

    `h`: height. `style`: short, bun, long, bald, bob, plait, child. `arms`: where the hands are, from the middle of the
    shoulders, as shares of `h` (x to the right, y down); None hides an arm. `skirt`, `hat`, `scarf`: a colour, or None.
    """
    child = style.startswith("child")
    head = h * (0.105 if child else 0.078)
    shoulder_y, hip_y = y - h + head * 2.35, y - h * 0.44
    sw, hw = h * 0.125 * wide, h * 0.115 * wide
    if shadow:
        c.shadow(x + h * 0.05, y, h * 0.2 * wide, h * 0.03, 0.4)
    for side in (-1, 1):
        foot = x + side * h * (0.045 + stride)
        leg = poly(
            [
                (x + side * hw * 0.02, hip_y),
                (x + side * hw * 1.0, hip_y),
                (foot + side * h * 0.036, y - h * 0.02),
                (foot - side * h * 0.034, y - h * 0.02),
            ]
        )
        c.form(leg, skin if skirt else legs, depth=h * 0.02, shine=0.12)
        c.form(ring(foot + side * h * 0.008, y - h * 0.012, h * 0.042, h * 0.02), shoes, depth=h * 0.008, shine=0.2)
    if skirt:
        c.form(
            f"M{x - hw * 0.8:.1f} {hip_y - h * 0.06:.1f}L{x + hw * 0.8:.1f} {hip_y - h * 0.06:.1f}Q{x + hw * 1.25:.1f} "
            f"{y - h * 0.3:.1f} "
            f"{x + hw * 1.35:.1f} {y - h * 0.17:.1f}Q{x} {y - h * 0.14:.1f} {x - hw * 1.35:.1f} {y - h * 0.17:.1f}"
            f"Q{x - hw * 1.25:.1f} {y - h * 0.3:.1f} {x - hw * 0.8:.1f} {hip_y - h * 0.06:.1f}Z",
            skirt,
            depth=h * 0.035,
        )
        for k in (-0.5, 0.05, 0.55):
            c.line(
                [(x + hw * k * 0.8, hip_y), (x + hw * k * 1.4, y - h * 0.18)], dark(skirt, 0.35), h * 0.006, opacity=0.4
            )
    for hand in arms:
        if hand:
            _arm(c, x, shoulder_y, sw, h, hand, coat, skin)
    hem = hip_y + h * (0.05 if not skirt else 0.0)
    body = (
        f"M{x - head * 0.5:.1f} {shoulder_y - h * 0.035:.1f}Q{x - sw * 0.95:.1f} {shoulder_y - h * 0.02:.1f} "
        f"{x - sw:.1f} {shoulder_y + h * 0.05:.1f}"
        f"C{x - sw * 0.9:.1f} {shoulder_y + h * 0.2:.1f} {x - hw:.1f} {hip_y - h * 0.1:.1f} "
        f"{x - hw * 1.05:.1f} {hem:.1f}"
        f"Q{x} {hem + h * 0.025:.1f} {x + hw * 1.05:.1f} {hem:.1f}"
        f"C{x + hw:.1f} {hip_y - h * 0.1:.1f} {x + sw * 0.9:.1f} {shoulder_y + h * 0.2:.1f} "
        f"{x + sw:.1f} {shoulder_y + h * 0.05:.1f}"
        f"Q{x + sw * 0.95:.1f} {shoulder_y - h * 0.02:.1f} {x + head * 0.5:.1f} {shoulder_y - h * 0.035:.1f}Z"
    )
    c.form(body, coat, depth=h * 0.04, shine=shine)
    c.line([(x, shoulder_y + h * 0.03), (x + h * 0.006, hem)], dark(coat, 0.4), h * 0.004, opacity=0.35)
    c.line([(x - hw * 0.6, hem - h * 0.09), (x - hw * 0.2, hem - h * 0.02)], dark(coat, 0.4), h * 0.006, opacity=0.3)
    c.line([(x + hw * 0.7, hem - h * 0.12), (x + hw * 0.3, hem - h * 0.03)], dark(coat, 0.4), h * 0.006, opacity=0.3)
    head_from_behind(c, x, y - h + head * 1.05, head, hair, style, hat, skin)
    if scarf:
        c.form(
            smooth(
                [
                    (x - head * 0.95, shoulder_y - h * 0.045),
                    (x, shoulder_y - h * 0.06),
                    (x + head * 0.95, shoulder_y - h * 0.045),
                    (x + head * 1.05, shoulder_y + h * 0.012),
                    (x, shoulder_y + h * 0.03),
                    (x - head * 1.05, shoulder_y + h * 0.012),
                ]
            ),
            scarf,
            depth=h * 0.012,
        )


def _arm(c, x, shoulder_y, sw, h, hand, coat, skin):
    side = -1 if hand[0] < 0 else 1
    sx, sy = x + side * sw * 0.84, shoulder_y + h * 0.045
    hx, hy = x + hand[0] * h, shoulder_y + hand[1] * h
    reach = ((hx - sx) ** 2 + (hy - sy) ** 2) ** 0.5
    bend = max(0, h * 0.33 - reach) * 0.6 + h * 0.015
    ex, ey = (sx + hx) / 2 + side * bend, (sy + hy) / 2 + bend * 0.35
    c.ellipse(hx, hy, h * 0.024, h * 0.026, dark(skin, 0.08))
    hx2, hy2 = hx + (ex - hx) * 0.14, hy + (ey - hy) * 0.14
    c.line([(sx, sy), (ex, ey), (hx2, hy2)], dark(coat, 0.28), h * 0.062)
    c.line([(sx + c.sun[0] * h * 0.008, sy), (ex + c.sun[0] * h * 0.008, ey), (hx2, hy2)], coat, h * 0.043)


def head_from_behind(c, x, y, r, hair, style, hat=None, skin=SKIN):
    """A head of radius `r` around (x, y): neck, ears, hair, hat."""
    c.form(
        f"M{x - r * 0.42} {y + r * 0.4}L{x + r * 0.42} {y + r * 0.4}L{x + r * 0.55} {y + r * 1.5}L{x - r * 0.55} "
        f"{y + r * 1.5}Z",
        dark(skin, 0.1),
        depth=r * 0.2,
    )
    for side in (-1, 1):
        c.form(ring(x + side * r * 0.93, y + r * 0.12, r * 0.17, r * 0.27), skin, depth=r * 0.08)
    if style == "bald":
        c.form(ring(x, y, r * 0.93, r * 1.05), skin, depth=r * 0.25)
        c.form(
            smooth(
                [
                    (x - r * 0.95, y - r * 0.1),
                    (x - r * 0.9, y + r * 0.55),
                    (x, y + r * 0.85),
                    (x + r * 0.9, y + r * 0.55),
                    (x + r * 0.95, y - r * 0.1),
                    (x + r * 0.5, y + r * 0.28),
                    (x, y + r * 0.36),
                    (x - r * 0.5, y + r * 0.28),
                ]
            ),
            hair,
            depth=r * 0.15,
        )
    else:
        low = {"long": 1.9, "bob": 1.05, "child-bob": 1.0, "child-plaits": 0.75}.get(style, 0.72)
        d = smooth(
            [
                (x, y - r * 1.1),
                (x + r * 0.82, y - r * 0.68),
                (x + r * 1.0, y + r * 0.08),
                (x + r * 0.86, y + r * low * 0.85),
                (x, y + r * low),
                (x - r * 0.86, y + r * low * 0.85),
                (x - r * 1.0, y + r * 0.08),
                (x - r * 0.82, y - r * 0.68),
            ]
        )
        c.form(d, hair, depth=r * 0.3, shine=0.3)
        for k in (-0.6, -0.3, 0.05, 0.35, 0.65):
            c.line(
                [(x + r * k * 0.3, y - r * 0.95), (x + r * k * 1.1, y - r * 0.2), (x + r * k, y + r * low * 0.8)],
                dark(hair, 0.35),
                r * 0.05,
                opacity=0.45,
            )
    if style == "bun":
        c.form(ring(x, y - r * 0.15, r * 0.48, r * 0.44), light(hair, 0.06), depth=r * 0.18)
        c.path(
            f"M{x - r * 0.25} {y - r * 0.2}q{r * 0.25} {-r * 0.3} {r * 0.5} 0",
            "none",
            dark(hair, 0.4),
            r * 0.06,
            opacity=0.5,
        )
    if style in ("child-plaits", "plait"):
        for side in (-1, 1) if style == "child-plaits" else (0,):
            px = x + side * r * 0.85
            for k in range(4):
                c.form(
                    ring(px + side * k * r * 0.1, y + r * (0.75 + k * 0.32), r * (0.25 - k * 0.025), r * 0.21),
                    hair,
                    depth=r * 0.08,
                )
            c.ellipse(px + side * r * 0.42, y + r * 2.0, r * 0.14, r * 0.12, "#c8383a")
    if hat:
        c.form(
            smooth(
                [
                    (x - r * 1.0, y - r * 0.2),
                    (x - r * 0.75, y - r * 1.05),
                    (x, y - r * 1.35),
                    (x + r * 0.75, y - r * 1.05),
                    (x + r * 1.0, y - r * 0.2),
                    (x, y - r * 0.05),
                ]
            ),
            hat,
            depth=r * 0.28,
        )
        c.form(ring(x, y - r * 0.22, r * 1.45, r * 0.28), light(hat, 0.08), depth=r * 0.12)


def seated(c, x, y, h, coat, hair="#3a302d", style="short", hat=None, scarf=None, skin=SKIN, wide=1.0, stool="#6d5140"):
    """Somebody on a low stool, from behind; `h` is the seated height from the ground to the crown."""
    r = h * 0.13
    c.shadow(x + h * 0.06, y, h * 0.34, h * 0.045, 0.4)
    for side in (-1, 1):
        c.line([(x + side * h * 0.15, y - h * 0.26), (x + side * h * 0.19, y)], stool, h * 0.03, soft=False)
    sy, sw, hw = y - h + r * 2.2, h * 0.2 * wide, h * 0.215 * wide
    for side in (-1, 1):
        c.line(
            [
                (x + side * sw * 0.8, sy + h * 0.07),
                (x + side * sw * 1.25, sy + h * 0.26),
                (x + side * sw * 0.75, sy + h * 0.4),
            ],
            dark(coat, 0.25),
            h * 0.1,
        )
        c.line(
            [
                (x + side * sw * 0.8, sy + h * 0.07),
                (x + side * sw * 1.2, sy + h * 0.25),
                (x + side * sw * 0.75, sy + h * 0.38),
            ],
            coat,
            h * 0.065,
        )
    body = smooth(
        [
            (x - r * 0.5, sy - h * 0.03),
            (x - sw, sy + h * 0.06),
            (x - hw * 0.95, sy + h * 0.33),
            (x - hw, y - h * 0.25),
            (x, y - h * 0.2),
            (x + hw, y - h * 0.25),
            (x + hw * 0.95, sy + h * 0.33),
            (x + sw, sy + h * 0.06),
            (x + r * 0.5, sy - h * 0.03),
        ]
    )
    c.form(body, coat, depth=h * 0.055)
    c.line([(x - hw * 0.7, y - h * 0.36), (x - hw * 0.2, y - h * 0.28)], dark(coat, 0.4), h * 0.008, opacity=0.4)
    head_from_behind(c, x, y - h + r, r, hair, style, hat, skin)
    if scarf:
        c.form(
            smooth(
                [
                    (x - r * 0.95, sy - h * 0.06),
                    (x, sy - h * 0.075),
                    (x + r * 0.95, sy - h * 0.06),
                    (x + r, sy + h * 0.03),
                    (x, sy + h * 0.055),
                    (x - r, sy + h * 0.03),
                ]
            ),
            scarf,
            depth=h * 0.015,
        )
