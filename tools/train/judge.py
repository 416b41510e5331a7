"""An independent classifier of a data set's clean pictures: the judge of generated ones, and the
space of their features."""
import os

import torch
import torch.nn.functional as F
from torch import nn

import data


class Judge(nn.Module):
    """Pictures [B, C, H, W] in [-1, 1] to logits; features: 64 numbers a picture."""

    def __init__(self, channels, size, classes):
        super().__init__()
        self.convs = nn.ModuleList([nn.Conv2d(channels, 16, 5, padding=2), nn.Conv2d(16, 32, 5, padding=2),
                                    nn.Conv2d(32, 64, 3, padding=1)])
        self.norms = nn.ModuleList(nn.BatchNorm2d(c) for c in (16, 32, 64))
        self.feature = nn.Linear(64 * (size // 8) ** 2, 64)
        self.head = nn.Linear(64, classes)

    def features(self, x):
        for conv, norm in zip(self.convs, self.norms):
            x = F.max_pool2d(F.relu(norm(conv(x))), 2)
        return F.relu(self.feature(x.flatten(1)))

    def forward(self, x):
        return self.head(self.features(x))


def train(pictures, seen=120_000, batch=128, flip=False, roll=0, seed=0):
    """A judge trained on `pictures` pictures (two epochs of MNIST), mirrored with flip and moved by
    up to roll pixels."""
    torch.manual_seed(seed)
    judge = Judge(pictures.channels, pictures.size, len(pictures.classes))
    optimizer = torch.optim.AdamW(judge.parameters(), 1e-3)
    steps = seen // batch
    judge.train()
    for step in range(steps):
        x, y = pictures.batch(batch)
        loss = F.cross_entropy(judge(data.augment(x, flip, roll)), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (1 - (step + 1) / steps) + 1e-5
    return judge.eval()


def load_or_train(path, pictures, seed=0, **training):
    """The judge of a seed, trained as by train and kept in path if that is given; other seeds than
    the first add to the path."""
    if path and seed:
        path = f"{path}.{seed}"
    judge = Judge(pictures.channels, pictures.size, len(pictures.classes))
    if path and os.path.exists(path):
        judge.load_state_dict(torch.load(path))
        return judge.eval()
    judge = train(pictures, seed=seed, **training)
    if path:
        torch.save(judge.state_dict(), path)
    return judge


@torch.no_grad()
def judged(judge, x):
    """Features [N, 64] in float64 and the judge's classes, of pictures in [-1, 1]."""
    parts = [judge.features(p) for p in x.split(500)]
    features = torch.cat(parts)
    return features.double(), judge.head(features).argmax(1)


def frechet(a, b):
    """Fréchet distance between the Gaussians of two sets of features, [N, D] and [M, D] (Heusel et
    al., arXiv:1706.08500)."""
    eye = 1e-6 * torch.eye(a.shape[1], dtype=a.dtype)
    one, two = torch.cov(a.T) + eye, torch.cov(b.T) + eye
    w, v = torch.linalg.eigh(one)
    root = v * w.clamp(min=0).sqrt() @ v.T
    both = torch.linalg.eigvalsh(root @ two @ root).clamp(min=0).sqrt().sum()
    return ((a.mean(0) - b.mean(0)).square().sum() + one.trace() + two.trace() - 2 * both).item()


@torch.no_grad()
def nearest(x, training):
    """For pictures in [-1, 1]: the root mean square difference to the nearest training picture,
    mirrored or not, and its index."""
    best = torch.full((len(x),), float("inf"))
    which = torch.zeros(len(x), dtype=torch.long)
    flat = x.flatten(1)
    for start in range(0, len(training), 4096):
        part = data.unit(training[start:start + 4096])
        for candidates in (part, part.flip(-1)):
            c = candidates.flatten(1)
            d = (flat.square().sum(1)[:, None] + c.square().sum(1) - 2 * flat @ c.T).clamp(min=0) / flat.shape[1]
            value, index = d.min(1)
            closer = value < best
            best[closer], which[closer] = value[closer], index[closer] + start
    return best.sqrt(), which
