"""Makes the data set of glyphs: A-Z and 0-9 in grey, 32x32, from font files.

    npm pack @fontsource/roboto ...    (unpack each into its own folder under fonts/)
    python3 prepare_glyphs.py --from fonts --out glyphs.npz

Every folder under --from is a family; its .ttf, .otf and .woff2 files with "latin" or without a
named subset are styles. Of each style come one plain rendering and three jittered ones of every
glyph, on a common cap height. Every tenth family is held out. The fonts' licences decide what may
be drawn and distributed: use open ones (OFL-1.1, Apache-2.0, UFL-1.0).
"""
import argparse
import glob
import math
import os
import random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

GLYPHS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
FINE = 4  # glyphs are drawn this much larger and averaged
CAP = 23  # height of an H, of 32


def styles(family):
    files = [f for e in ("ttf", "otf", "woff2") for f in glob.glob(os.path.join(family, "**", "*." + e), recursive=True)]
    return sorted(f for f in files if "latin-ext" not in f and ("-latin-" in f or os.sep + "files" + os.sep not in f))


def open_style(path):
    """The font at the size of a common cap height, or None if it lacks a glyph."""
    font = ImageFont.truetype(path, 200)
    missing = bytes(font.getmask("\uffff"))
    if any(bytes(font.getmask(c)) in (missing, b"") for c in GLYPHS):
        return None
    box = font.getbbox("H")
    return ImageFont.truetype(path, max(1, int(200 * CAP * FINE / max(1, box[3] - box[1]))))


def render(font, glyph, r, jitter):
    """uint8 [32, 32]."""
    side = 32 * FINE
    image = Image.new("L", (2 * side, 2 * side), 0)
    ImageDraw.Draw(image).text((side, side), glyph, font=font, fill=255, anchor="mm")
    if jitter:
        shear, turn = r.uniform(-0.12, 0.12), math.radians(r.uniform(-6, 6))
        wide, high = r.uniform(0.88, 1.08), r.uniform(0.88, 1.08)
        a, b = math.cos(turn) / wide, math.sin(turn) / wide + shear
        c, d = -math.sin(turn) / high, math.cos(turn) / high
        image = image.transform(image.size, Image.AFFINE, (a, b, side - (a + b) * side, c, d, side - (c + d) * side),
                                resample=Image.BILINEAR)
    ink = image.crop(image.getbbox())
    w, h = ink.size
    fit = min(1, 27 * FINE / w, 27 * FINE / h)
    if fit < 1:
        ink = ink.resize((max(1, int(w * fit)), max(1, int(h * fit))), Image.LANCZOS)
        w, h = ink.size
    dx, dy = (r.randint(-FINE, FINE), r.randint(-FINE, FINE)) if jitter else (0, 0)
    out = Image.new("L", (side, side), 0)
    out.paste(ink, ((side - w) // 2 + dx, (side - h) // 2 + dy))
    return np.asarray(out.resize((32, 32), Image.BOX))


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--from", dest="source", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    families = sorted(f for f in glob.glob(os.path.join(a.source, "*")) if os.path.isdir(f))
    if not families:
        raise SystemExit(f"prepare_glyphs: there is no folder with fonts in {a.source}")
    held = set(random.Random(3).sample(families, max(1, len(families) // 10))) if len(families) > 1 else set()
    x, y = {"train": [], "test": []}, {"train": [], "test": []}
    for n, path in enumerate(path for family in families for path in styles(family)):
        family = next(f for f in families if path.startswith(f + os.sep))
        font, part, r = open_style(path), "test" if family in held else "train", random.Random(n)
        if font is None:
            print(f"{os.path.basename(path)} lacks a glyph and is left out")
            continue
        for c, glyph in enumerate(GLYPHS):
            for jitter in range(1 if part == "test" else 4):
                x[part].append(render(font, glyph, r, jitter > 0))
                y[part].append(c)
    sets = {f"{k}_{part}": np.array(v[part], t) for k, v, t in (("x", x, np.uint8), ("y", y, np.int64)) for part in v}
    for part in x:
        sets["x_" + part] = sets["x_" + part].reshape(-1, 32, 32, 1)
    np.savez_compressed(a.out, classes=np.array(list(GLYPHS)), **sets)
    print({k: v.shape for k, v in sets.items()})


if __name__ == "__main__":
    main()
