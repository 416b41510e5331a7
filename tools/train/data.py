"""Pictures for training: one .npz with x_train, y_train, x_test, y_test, uint8 [N, H, W, C], and
the classes' names.

prepare_*.py make such files and name the sources of the pictures.
"""
import zipfile

import numpy as np
import torch
import torch.nn.functional as F


NAMES = "x_train", "x_test", "y_train", "y_test"


def arrays(path):
    """The arrays of a data set's file by name."""
    try:
        with np.load(path, allow_pickle=False) as f:
            found = dict(f)
    except (OSError, ValueError, TypeError, AttributeError, zipfile.BadZipFile) as e:
        reason = getattr(e, "strerror", None) or e
        raise SystemExit(f"The data set {path} cannot be read: {reason}. prepare_*.py make such files.")
    lacks = [name for name in NAMES if name not in found]
    if lacks:
        raise SystemExit(f"The data set {path} has no {' and no '.join(lacks)}. prepare_*.py make such files.")
    return found


class Pictures:
    """A data set on a device, drawn from in random order without repetition."""

    def __init__(self, path, size=0, device="cpu"):
        """size: average the pictures to size by size; 0: leave them."""
        f = arrays(path)
        x, held, y, held_y = (f[name] for name in NAMES)
        self.classes = [str(c) for c in f["classes"]] if "classes" in f else [str(c) for c in range(int(y.max()) + 1)]
        self.x, self.held = (shrink(torch.from_numpy(a).permute(0, 3, 1, 2), size).to(device) for a in (x, held))
        self.y, self.held_y = (torch.from_numpy(a.astype(np.int64)).to(device) for a in (y, held_y))
        self.channels, self.size = self.x.shape[1], self.x.shape[2]
        self.order, self.at = None, 0

    def batch(self, n):
        """n training pictures in [-1, 1], [n, C, H, W], and their classes. The last pictures of a
        round are skipped."""
        n = min(n, len(self.x))
        if self.order is None or self.at + n > len(self.x):
            self.order, self.at = torch.randperm(len(self.x)), 0
        i = self.order[self.at:self.at + n].to(self.x.device)
        self.at += n
        return unit(self.x[i]), self.y[i]

    def held_out(self, n):
        """n held-out pictures, evenly spread and always the same."""
        i = torch.linspace(0, len(self.held) - 1, min(n, len(self.held))).long()
        i = torch.argsort(self.held_y.cpu(), stable=True)[i].to(self.held.device)
        return unit(self.held[i]), self.held_y[i]


def unit(x):
    """Bytes to [-1, 1]."""
    return x.float() / 127.5 - 1


def pixels(x):
    """[-1, 1] to bytes, to the nearest."""
    return ((x + 1) * 127.5).round().clamp(0, 255).byte()


def shrink(x, size):
    """Bytes [N, C, H, W] averaged to size by size."""
    if size in (0, x.shape[-1]):
        return x
    if x.shape[-1] % size:
        raise SystemExit(f"train: pictures of {x.shape[-1]} do not shrink evenly to {size}")
    k = x.shape[-1] // size
    return torch.cat([F.avg_pool2d(part.float(), k).round().byte() for part in x.split(4096)])


def condition(x, low):
    """Pictures [-1, 1] as a second stage sees them: averaged to low by low, then each pixel
    repeated to full size."""
    k = x.shape[-1] // low
    small = pixels(F.avg_pool2d(x, k)).float() / 127.5 - 1  # rounded like a first stage
    return F.interpolate(small, scale_factor=float(k), mode="nearest")


def augment(x, flip, roll):
    """Mirrors half of the pictures, and moves each by up to roll pixels; the border wraps around.
    """
    if flip:
        mirrored = torch.rand(len(x), device=x.device) < 0.5
        x = torch.where(mirrored[:, None, None, None], x.flip(-1), x)
    if roll:
        by = torch.randint(-roll, roll + 1, (2, len(x)), device=x.device)
        rows, columns = ((torch.arange(x.shape[d], device=x.device) + by[d - 2, :, None]) % x.shape[d] for d in (2, 3))
        n = torch.arange(len(x), device=x.device)[:, None, None]
        x = x.permute(0, 2, 3, 1)[n, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)
    return x
