"""The last step: a drawing becomes a photograph (bloom, tone, grain, vignette) and is saved as JPEG."""

import io

import numpy as np
from PIL import Image, ImageFilter

LOOKS = {
    # (contrast, warmth, saturation, fade of the blacks, grain, vignette, bloom)
    "day": (1.05, 0.015, 1.05, 0.015, 0.018, 0.22, 0.18),
    "warm": (1.06, 0.05, 1.04, 0.02, 0.02, 0.30, 0.24),
    "cool": (1.04, -0.02, 1.02, 0.02, 0.02, 0.26, 0.20),
    "night": (1.08, 0.03, 1.08, 0.012, 0.028, 0.34, 0.40),
    "eighties": (0.92, 0.07, 0.82, 0.07, 0.035, 0.30, 0.20),
    "sepia": (1.02, 0.0, 0.0, 0.06, 0.045, 0.36, 0.22),
}
KEEP_SIDE = 1600
QUALITY = 82
MAX_BYTES = 350_000


def finish(png, look, seed, tint_red=False):
    """A finished RGB picture. `look` is a key of LOOKS; `tint_red` keeps the reds of a sepia print."""
    contrast, warmth, saturation, fade, grain, vignette, bloom = LOOKS[look]
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    a = np.asarray(picture, dtype=np.float32) / 255
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(26)), dtype=np.float32) / 255
    a = (1 - (1 - a) * (1 - soft * bloom * 0.5)) * (1 - bloom * 0.18)  # light areas bleed; exposure is held
    rng = np.random.default_rng(seed)
    h, w, _ = a.shape
    a = a * (1 + 0.05 * (_cloth(rng, h, w)[..., None] - 0.5))
    grey = (a @ np.array([0.30, 0.59, 0.11], dtype=np.float32))[..., None]
    if look == "sepia":
        toned = grey * np.array([1.03, 0.95, 0.82], dtype=np.float32) + np.array([0.03, 0.015, -0.01], dtype=np.float32)
        red = np.clip((a[..., 0] - np.maximum(a[..., 1], a[..., 2])) * 3.2 - 0.75, 0, 1)[..., None] if tint_red else 0
        a = toned * (1 - 0.75 * red) + a * 0.75 * red if tint_red else toned
    else:
        a = grey + (a - grey) * saturation
        a = a * np.array([1 + warmth, 1 + warmth * 0.25, 1 - warmth], dtype=np.float32)
    a = (a - 0.5) * contrast + 0.5
    a = np.clip(a, 0, 1)
    a = a * a * (3 - 2 * a) * 0.25 + a * 0.75
    a = fade + a * (1 - fade * 1.3)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    edge = ((xx / w - 0.5) ** 2 + (yy / h - 0.5) ** 2) * 2
    a = a * (1 - vignette * edge**1.3)[..., None]
    fine = rng.normal(0, 1, (h, w)).astype(np.float32)
    fine = (
        fine + np.roll(fine, 1, 0) + np.roll(fine, 1, 1) + np.roll(fine, (1, 1), (0, 1))
    ) / 2  # grains, not single pixels
    a = a + (fine * grain * (0.5 + (1 - grey[..., 0]) * 0.7))[..., None]
    return Image.fromarray((np.clip(a, 0, 1) * 255 + 0.5).astype(np.uint8))


def _cloth(rng, h, w):
    """Slow, paper-like unevenness in 0–1."""
    total = np.zeros((h, w), dtype=np.float32)
    for cells, weight in ((6, 0.4), (40, 0.3), (220, 0.3)):
        small = rng.random((cells * 3 // 4 + 1, cells)).astype(np.float32)
        total += weight * np.asarray(Image.fromarray(small).resize((w, h), Image.BICUBIC))
    return total


def print_border(picture, colour=(238, 230, 212), share=0.035):
    """The pale border of an old paper print."""
    w, h = picture.size
    edge = int(w * share)
    sheet = Image.new("RGB", (w, h), colour)
    sheet.paste(picture.resize((w - 2 * edge, h - 2 * edge), Image.LANCZOS), (edge, edge))
    return sheet


def save(picture, path, turned=False):
    """Writes the JPEG, below MAX_BYTES. `turned` stores it on its side with EXIF Orientation 6, as many cameras do.

    No date is written: the memories' dates are counted from the day of first start.
    """
    exif = Image.Exif()
    if turned:
        picture = picture.transpose(Image.Transpose.ROTATE_90)
        exif[0x0112] = 6
    for quality in range(QUALITY, 50, -4):
        out = io.BytesIO()
        picture.save(
            out, "JPEG", quality=quality, optimize=True, progressive=True, exif=exif.tobytes() if turned else b""
        )
        if out.tell() <= MAX_BYTES:
            break
    path.write_bytes(out.getvalue())
    return out.tell()
