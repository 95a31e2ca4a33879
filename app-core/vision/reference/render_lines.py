#!/usr/bin/env python3
"""Draws lines.tsv as they would look in a photo: several fonts, sizes, papers; tilted, in perspective, blurred, noisy, saved as JPEG.
usage: render_lines.py OUT   (needs Pillow and numpy; fonts of Debian's fonts-noto-cjk and fonts-dejavu; no chance: everything by seed)
Writes OUT/NNN.jpg, one line each, and OUT/truth.tsv: file, language, strength of the distortion (0 none, 1 mild, 2 strong), line."""
import os, sys, random, io
import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageFilter
OUT = sys.argv[1]
os.makedirs(OUT, exist_ok=True)
NOTO, DEJAVU = '/usr/share/fonts/opentype/noto/', '/usr/share/fonts/truetype/dejavu/'
FONTS = {'zh': [NOTO + f for f in ('NotoSansCJK-Regular.ttc', 'NotoSansCJK-Bold.ttc', 'NotoSerifCJK-Regular.ttc', 'NotoSerifCJK-Bold.ttc')],
         'en': [DEJAVU + f for f in ('DejaVuSans.ttf', 'DejaVuSerif.ttf', 'DejaVuSansMono.ttf', 'DejaVuSerif-Italic.ttf', 'DejaVuSansCondensed-Bold.ttf')] + [NOTO + 'NotoSansCJK-Regular.ttc', NOTO + 'NotoSerifCJK-Regular.ttc']}
PAPERS = [((250, 248, 240), (20, 20, 30)), ((235, 225, 200), (60, 40, 30)), ((255, 255, 255), (0, 0, 0)), ((30, 80, 60), (240, 240, 230)), ((200, 30, 40), (255, 240, 200)), ((215, 215, 220), (90, 90, 100))]

def coefficients(src, dst):
    rows = []
    for (x, y), (u, v) in zip(dst, src):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
    return np.linalg.solve(np.array(rows, float), np.array([c for p in src for c in p], float))

def draw(text, lang, strength, rng):
    size = rng.randint(26, 44) if strength < 2 else rng.randint(18, 30)
    font = ImageFont.truetype(rng.choice(FONTS[lang]), size, index=2 if lang == 'zh' else 0) # 2: simplified Chinese forms
    paper, ink = rng.choice(PAPERS)
    box = font.getbbox(text)
    w, h = box[2] - box[0] + 160, box[3] - box[1] + 160
    im = Image.new('RGB', (w, h), paper)
    shade = np.linspace(1, rng.uniform(0.75, 1.0), w)[None, :, None] if strength else np.ones((1, w, 1))
    ImageDraw.Draw(im).text((80 - box[0], 80 - box[1]), text, font=font, fill=ink)
    if strength:
        im = Image.fromarray((np.asarray(im) * shade).astype(np.uint8))
        im = im.rotate(rng.uniform(-4, 4) * strength / 1.5, resample=Image.BICUBIC, expand=True, fillcolor=paper)
        w, h = im.size
        k = 0.03 * strength
        src = [(0, 0), (w, 0), (w, h), (0, h)]
        dst = [(x + rng.uniform(-k, k) * w * (0.4), y + rng.uniform(-k, k) * h) for x, y in src]
        im = im.transform((w, h), Image.PERSPECTIVE, coefficients(src, dst), Image.BICUBIC, fillcolor=paper)
        im = im.filter(ImageFilter.GaussianBlur(rng.uniform(0.3, 0.55) * strength))
        noise = np.random.RandomState(rng.randint(0, 1 << 30)).normal(0, 5 * strength, (im.size[1], im.size[0], 3))
        im = Image.fromarray(np.clip(np.asarray(im) + noise, 0, 255).astype(np.uint8))
    return im, {0: 92, 1: 75, 2: 45}[strength]

lines = [l.rstrip('\n').split('\t') for l in open(os.path.join(os.path.dirname(__file__), 'lines.tsv'), encoding='utf-8') if not l.startswith('#')]
with open(os.path.join(OUT, 'truth.tsv'), 'w', encoding='utf-8') as truth:
    n = 0
    for i, (lang, text) in enumerate(lines):
        for strength in (0, 1, 2):
            rng = random.Random(i * 3 + strength)
            im, quality = draw(text, lang, strength, rng)
            im.save(os.path.join(OUT, f'{n:03}.jpg'), quality=quality)
            truth.write(f'{n:03}.jpg\t{lang}\t{strength}\t{text}\n')
            n += 1
print(n, 'pictures')
