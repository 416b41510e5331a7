"""Leaves out the training pictures whose class is not certain: a network that never saw them draws
fewer pictures of no class or of the wrong class.

    python3 prepare_clear.py --data digits.npz --out digits-clear.npz

The pictures are dealt into parts. Each part is judged by a classifier (judge.py) that was trained
on the others. A picture stays if its label gets a probability of at least --sure. Held-out pictures
stay as they are.
"""
import argparse
import copy

import numpy as np
import torch

import data
import judge as judges


def arguments(argv=None):
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--parts", type=int, default=5)
    p.add_argument("--sure", type=float, default=0.9, help="least probability of a picture's label")
    p.add_argument("--flip", action="store_true", help="the classifiers are trained with mirrored and moved pictures (small sets)")
    p.add_argument("--seed", type=int, default=1000, help="of the first classifier; different from those of judges")
    p.add_argument("--threads", type=int, default=0)
    a = p.parse_args(argv)
    if a.parts < 2:
        p.error("--parts must be 2 or more: a part is judged by what was trained on the others")
    return a


@torch.no_grad()
def certainty(judge, x, y):
    """The probability that the judge gives each picture's label, [N]."""
    parts = [judge(data.unit(p)).softmax(1) for p in x.split(500)]
    return torch.cat(parts).gather(1, y[:, None])[:, 0]


def judged_by_others(d, parts, seed, **training):
    """The certainty of every training picture, by a classifier that was trained without it, as
    judge.train does."""
    part = torch.randperm(len(d.x), generator=torch.Generator().manual_seed(seed)) % parts
    sure = torch.zeros(len(d.x))
    for k in range(parts):
        others = copy.copy(d)
        others.x, others.y, others.order = d.x[part != k], d.y[part != k], None
        sure[part == k] = certainty(judges.train(others, seed=seed + k, **training), d.x[part == k], d.y[part == k])
    return sure


def main(a):
    if a.threads:
        torch.set_num_threads(a.threads)
    d = data.Pictures(a.data)
    stays = (judged_by_others(d, a.parts, a.seed, flip=a.flip, roll=2 * a.flip) >= a.sure).numpy()
    arrays = data.arrays(a.data)
    for c, name in enumerate(d.classes):
        own = stays[d.y.numpy() == c]
        print(f"{name}: {own.sum()} of {len(own)} stay")
    print(f"{stays.sum()} of {len(stays)} stay")
    arrays["x_train"], arrays["y_train"] = arrays["x_train"][stays], arrays["y_train"][stays]
    np.savez_compressed(a.out, **arrays)


if __name__ == "__main__":
    main(arguments())
