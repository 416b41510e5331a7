"""Makes a data set of MNIST or Fashion-MNIST: 60,000 + 10,000 grey pictures of 28x28, padded with
black to 32x32.

    python3 prepare_idx.py --from /usr/share/datasets/fashion-mnist --out fashion.npz
    python3 prepare_idx.py --from mnist --out digits.npz

Fashion-MNIST (Zalando Research, arXiv:1708.07747): MIT licence; Debian's package
dataset-fashion-mnist has it. MNIST (LeCun, Cortes, Burges): commonly given as CC BY-SA 3.0, which
we have not been able to verify; --from is a folder with the four idx files, or a copy of the
repository rasbt/mnist-pngs (train/0/*.png ... test/9/*.png).
"""
import argparse
import glob
import gzip
import os
import struct

import numpy as np
from PIL import Image

FASHION = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]


def idx(folder, name):
    """An idx file, packed or not: two zeros, the type (8: bytes), the number of dimensions, the
    dimensions, the data."""
    for path, opener in ((name, open), (name + ".gz", gzip.open)):
        path = os.path.join(folder, path)
        if os.path.exists(path):
            with opener(path, "rb") as f:
                body = f.read()
            dimensions = body[3]
            shape = struct.unpack(f">{dimensions}I", body[4:4 + 4 * dimensions])
            if body[:3] != b"\0\0\x08" or len(body) != 4 + 4 * dimensions + np.prod(shape):
                raise SystemExit(f"prepare_idx: {path} is not an idx file of bytes")
            return np.frombuffer(body, np.uint8, offset=4 + 4 * dimensions).reshape(shape)
    return None


def pngs(folder, part):
    files = [(f, c) for c in range(10) for f in sorted(glob.glob(os.path.join(folder, part, str(c), "*.png")))]
    if not files:
        raise SystemExit(f"prepare_idx: {folder} has neither idx files nor {part}/0/*.png")
    return np.stack([np.asarray(Image.open(f).convert("L")) for f, _ in files]), np.array([c for _, c in files])


def read(folder, part, prefix):
    x, y = idx(folder, f"{prefix}-images-idx3-ubyte"), idx(folder, f"{prefix}-labels-idx1-ubyte")
    return pngs(folder, part) if x is None or y is None else (x, y)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--from", dest="source", required=True)
    p.add_argument("--out", required=True)
    a = p.parse_args()
    sets = {}
    for part, prefix in (("train", "train"), ("test", "t10k")):
        x, y = read(a.source, part, prefix)
        sets["x_" + part] = np.pad(x, ((0, 0), (2, 2), (2, 2)))[..., None]
        sets["y_" + part] = y.astype(np.int64)
    names = FASHION if "fashion" in os.path.abspath(a.source) else [str(c) for c in range(10)]
    np.savez_compressed(a.out, classes=np.array(names), **sets)
    print({k: v.shape for k, v in sets.items()})


if __name__ == "__main__":
    main()
