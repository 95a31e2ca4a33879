"""The sheet everything is drawn on: SVG markup, gradients, filters, and form shading.

Where in the flow: scenes call the motifs (nature, buildings, people, things), the motifs call this, `make.py`
rasterises the markup. It must never ask the clock or an unseeded random source: the same scene gives the same bytes.
"""

import random
from contextlib import contextmanager

WIDTH, HEIGHT = 1600, 1200
# Makes turbulence opaque, so that its red and green are plain displacements.
OPAQUE = '<feColorMatrix values="1 0 0 0 0 0 1 0 0 0 0 0 1 0 0 0 0 0 0 1" result="n"/>'


def rgb(colour):
    """'#rrggbb' as three integers."""
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def mix(a, b, t):
    """Colour between `a` (t = 0) and `b` (t = 1)."""
    return "#" + "".join(f"{round(x + (y - x) * t):02x}" for x, y in zip(rgb(a), rgb(b)))


def light(colour, t):
    """`colour` moved towards a warm white by `t`."""
    return mix(colour, "#fff6e4", t)


def dark(colour, t):
    """`colour` moved towards a cool near-black by `t`."""
    return mix(colour, "#1d1a2b", t)


def smooth(points, closed=True):
    """Path data of a soft curve through `points` (Catmull-Rom turned into Béziers)."""
    n = len(points)
    at = (lambda i: points[i % n]) if closed else (lambda i: points[max(0, min(n - 1, i))])
    out = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for i in range(n if closed else n - 1):
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = at(i - 1), at(i), at(i + 1), at(i + 2)
        out.append(
            f"C{x1 + (x2 - x0) / 6:.1f} {y1 + (y2 - y0) / 6:.1f} {x2 - (x3 - x1) / 6:.1f} "
            f"{y2 - (y3 - y1) / 6:.1f} {x2:.1f} {y2:.1f}"
        )
    return " ".join(out) + ("Z" if closed else "")


def poly(points, closed=True):
    """Path data of straight lines through `points`."""
    return "M" + " L".join(f"{x:.1f} {y:.1f}" for x, y in points) + ("Z" if closed else "")


def ring(cx, cy, rx, ry):
    """Path data of an ellipse."""
    return f"M{cx - rx:.1f} {cy:.1f}a{rx:.1f} {ry:.1f} 0 1 0 {2 * rx:.1f} 0a{rx:.1f} {ry:.1f} 0 1 0 {-2 * rx:.1f} 0Z"


def box(x, y, w, h, r=0):
    """Path data of a rectangle with round corners."""
    r = max(0, min(r, w / 2, h / 2))
    return (
        f"M{x + r:.1f} {y:.1f}h{w - 2 * r:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {r:.1f}v{h - 2 * r:.1f}"
        f"a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {r:.1f}h{2 * r - w:.1f}a{r:.1f} {r:.1f} 0 0 1 {-r:.1f} {-r:.1f}"
        f"v{2 * r - h:.1f}a{r:.1f} {r:.1f} 0 0 1 {r:.1f} {-r:.1f}Z"
    )


class Canvas:
    """SVG under construction, with its own seeded randomness. Units are pixels of the finished picture."""

    def __init__(self, seed, sun=(-1, -1)):
        """`sun`: the direction the light comes from, in screen axes; form shading follows it."""
        self.rng = random.Random(seed)
        self.sun = sun
        self.defs, self.body, self.known = [], [], {}

    def svg(self):
        """The whole document."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{WIDTH}" '
            f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}">'
            f'<defs>{"".join(self.defs)}</defs>{"".join(self.body)}</svg>'
        )

    def _def(self, key, markup):
        """Registers a definition once; `markup` takes its id."""
        if key not in self.known:
            self.known[key] = f"d{len(self.known)}"
            self.defs.append(markup.replace("ID", self.known[key]))
        return f"url(#{self.known[key]})"

    def between(self, low, high):
        """A random number."""
        return self.rng.uniform(low, high)

    # Paints and filters ---------------------------------------------------------------------------------------

    @staticmethod
    def _stops(stops):
        out = []
        for place, colour, *opacity in stops:
            out.append(
                f'<stop offset="{place}" stop-color="{colour}"'
                + (f' stop-opacity="{opacity[0]}"' if opacity else "")
                + "/>"
            )
        return "".join(out)

    def fade(self, stops, x1=0, y1=0, x2=0, y2=1):
        """Linear gradient over the shape's own box; top to bottom unless told otherwise."""
        return self._def(
            ("lin", str(stops), x1, y1, x2, y2),
            f'<linearGradient id="ID" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}">{self._stops(stops)}</linearGradient>',
        )

    def glow(self, stops, cx=0.5, cy=0.5, r=0.5):
        """Radial gradient over the shape's own box."""
        return self._def(
            ("rad", str(stops), cx, cy, r),
            f'<radialGradient id="ID" cx="{cx}" cy="{cy}" r="{r}">{self._stops(stops)}</radialGradient>',
        )

    def blur(self, px, px_y=None):
        """Filter: blur by `px` (standard deviation)."""
        px_y = px if px_y is None else px_y
        return self._def(
            ("blur", px, px_y),
            '<filter id="ID" x="-60%" y="-60%" width="220%" height="220%">'
            f'<feGaussianBlur stdDeviation="{px} {px_y}"/></filter>',
        )

    def wobble(self, amount=6, size=0.012, seed=5):
        """Filter: edges as if drawn by hand; `size` is waves per pixel."""
        return self._def(
            ("wobble", amount, size, seed),
            '<filter id="ID" x="-10%" y="-10%" width="120%" height="120%" color-interpolation-filters="sRGB">'
            f'<feTurbulence type="fractalNoise" baseFrequency="{size}" numOctaves="2" seed="{seed}"/>{OPAQUE}'
            f'<feDisplacementMap in="SourceGraphic" in2="n" scale="{amount}" '
            'xChannelSelector="R" yChannelSelector="G"/></filter>',
        )

    def ripple(self, amount=4, seed=2):
        """Filter: a mirror image shaken by water, `amount` px to and fro."""
        return self._def(
            ("ripple", amount, seed),
            '<filter id="ID" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">'
            f'<feTurbulence type="fractalNoise" baseFrequency="0.004 0.045" numOctaves="1" seed="{seed}"/>{OPAQUE}'
            f'<feDisplacementMap in="SourceGraphic" in2="n" scale="{amount * 2}" '
            'xChannelSelector="R" yChannelSelector="G" result="m"/>'
            '<feGaussianBlur in="m" stdDeviation="2 3.5"/></filter>',
        )

    def clip(self, d):
        """Clip path of some path data."""
        return self._def(("clip", d), f'<clipPath id="ID"><path d="{d}"/></clipPath>')

    def mirror(self, part, level, amount=4, opacity=0.6):
        """A `part` of the body (a slice) reflected in water that begins at the line y = `level`."""
        drawn = self.body[part]
        with self.group(clip_path=self.clip(box(0, level, WIDTH, HEIGHT - level))):
            with self.group(filter=self.ripple(amount), opacity=opacity):
                with self.group(transform=f"translate(0 {2 * level}) scale(1 -1)"):
                    self.body += drawn

    # Drawing --------------------------------------------------------------------------------------------------

    @contextmanager
    def group(self, **attributes):
        """Everything drawn inside shares the attributes (`filter`, `opacity`, `transform`, `clip_path`, `style`)."""
        text = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items() if v is not None)
        self.body.append(f"<g{text}>")
        yield
        self.body.append("</g>")

    def path(self, d, fill="none", stroke=None, width=0, opacity=None, filter=None, style=None):
        """One path. Strokes have round ends."""
        line = (
            f' stroke="{stroke}" stroke-width="{width:.2f}" stroke-linecap="round" stroke-linejoin="round"'
            if stroke
            else ""
        )
        rest = "".join(
            f' {k}="{v}"' for k, v in (("opacity", opacity), ("filter", filter), ("style", style)) if v is not None
        )
        self.body.append(f'<path d="{d}" fill="{fill}"{line}{rest}/>')

    def rect(self, x, y, w, h, fill, r=0, **more):
        """A rectangle."""
        self.path(box(x, y, w, h, r), fill, **more)

    def ellipse(self, cx, cy, rx, ry, fill, **more):
        """An ellipse."""
        self.path(ring(cx, cy, rx, ry), fill, **more)

    def line(self, points, stroke, width, soft=True, **more):
        """An open stroke through points."""
        self.path(smooth(points, False) if soft else poly(points, False), "none", stroke, width, **more)

    def form(self, d, colour, depth=14, shade=0.34, shine=0.3, edge=None):
        """A rounded body: shadow colour all over, the lit side laid on top, softly, and a gleam on the rim.

        `depth` in px is how far the shadow reaches in; `shade`, `shine` in 0–1; `edge` paints a thin outline.
        """
        sx, sy = self.sun
        with self.group(clip_path=self.clip(d)):
            self.path(d, dark(colour, shade))
            with self.group(transform=f"translate({sx * depth:.1f} {sy * depth:.1f})", filter=self.blur(depth * 0.55)):
                self.path(d, colour)
            with self.group(
                transform=f"translate({sx * depth * 2.2:.1f} {sy * depth * 2.2:.1f})",
                filter=self.blur(depth * 0.9),
                opacity=shine * 1.6 if shine < 0.6 else 1,
            ):
                self.path(d, light(colour, 0.55))
        if edge:
            self.path(d, "none", edge, 1.6, opacity=0.5)

    def shadow(self, cx, cy, rx, ry, strength=0.35, colour="#1b1a2e", blur=None):
        """A soft shadow on the ground."""
        blur = round(max(3, ry * 0.6), 1) if blur is None else blur
        self.ellipse(cx, cy, rx, ry, colour, opacity=strength, filter=self.blur(blur))

    def cast(self, d, dx=12, dy=16, blur=10, strength=0.3, colour="#1b1a2e"):
        """The shadow a flat shape throws on what lies behind it."""
        with self.group(transform=f"translate({dx} {dy})", opacity=strength):
            self.path(d, colour, filter=self.blur(blur))

    def beam(self, points, colour="#fff1c8", strength=0.35, blur=18):
        """A shaft or patch of light."""
        self.path(poly(points), colour, opacity=strength, filter=self.blur(blur), style="mix-blend-mode:soft-light")

    def halo(self, cx, cy, r, colour="#ffd58a", strength=0.8):
        """The glow around a lamp."""
        paint = self.glow([(0, colour, strength), (0.35, colour, strength * 0.45), (1, colour, 0)])
        self.ellipse(cx, cy, r, r, paint, style="mix-blend-mode:screen")
