"""PNG files: grids of pictures, and curves."""
import os

import numpy as np
from PIL import Image, ImageDraw


def grid(path, x, columns, scale=2, line=1):
    """x: bytes [N, C, H, W], row by row."""
    x = np.asarray(x).transpose(0, 2, 3, 1)
    n, h, w, c = x.shape
    rows = (n + columns - 1) // columns
    sheet = np.full((rows * (h + line) + line, columns * (w + line) + line, c), 72, np.uint8)
    for i in range(n):
        top, left = i // columns * (h + line) + line, i % columns * (w + line) + line
        sheet[top:top + h, left:left + w] = x[i]
    sheet = sheet.repeat(scale, 0).repeat(scale, 1)
    save(path, Image.fromarray(sheet[..., 0] if c == 1 else sheet))


def curve(path, series, width=480, height=160):
    """series: name -> [(x, y)]; the y axis is logarithmic. Numbers at the corners label the ends.
    """
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    points = [p for line in series.values() for p in line if p[1] > 0]
    if not points:
        return
    left, right = min(p[0] for p in points), max(p[0] for p in points)
    low, high = (np.log(f(p[1] for p in points)) for f in (min, max))
    place = lambda x, y: (8 + (x - left) / max(right - left, 1e-9) * (width - 16),
                          height - 16 - (np.log(y) - low) / max(high - low, 1e-9) * (height - 32))
    for (name, line), colour in zip(series.items(), ("#1b6ca8", "#c8501e", "#3d7d3d")):
        draw.line([place(*p) for p in line if p[1] > 0], fill=colour, width=2)
        draw.text((width - 150, 2 + 12 * list(series).index(name)), name, fill=colour)
    draw.text((8, 2), f"{np.exp(high):.3g}", fill="black")
    draw.text((8, height - 14), f"{np.exp(low):.3g} ... {right:g}", fill="black")
    save(path, image)


def save(path, image):
    """Writes atomically, because people look while training goes on."""
    image.save(path + ".part", "PNG", optimize=True)
    os.replace(path + ".part", path)
