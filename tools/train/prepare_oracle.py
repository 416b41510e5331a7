"""Makes a run's folder of stored pictures for tools/convert: in place of a network the exact
denoiser of those pictures, the limit of a network that is trained on them alone.

    python3 prepare_oracle.py --data digits.npz --each 50 --out runs/digits-oracle

Of each class it takes the training pictures with the lowest SHA-256, so that the choice depends on
neither their order nor a random number.
"""
import argparse
import hashlib
import os

import numpy as np
import torch

import diffusion
import export
from data import Pictures

CONFIG = {"_class_name": "ExactDenoiser"}
SCHEDULE = "squaredcos_cap_v2"


def choose(x, y, each):
    """`each` pictures of every class: uint8 [N, C, H, W] and classes [N], class by class."""
    first = sorted(range(len(x)), key=lambda i: hashlib.sha256(x[i].numpy().tobytes()).digest())
    rows = [i for c in range(int(y.max()) + 1) for i in [j for j in first if int(y[j]) == c][:each]]
    return x[rows].contiguous(), y[rows]


def denoise(pictures, classes, x, bar, label):
    """E[x0 | x] in float64, as in the definition: every picture weighted by the probability of x
    given it."""
    of = pictures if label < 0 else pictures[classes == label]
    signal, noise = bar ** 0.5, (1 - bar) ** 0.5
    log = -((x[None] - signal * of) ** 2).sum((1, 2, 3)) / (2 * noise ** 2)
    share = torch.softmax(log, 0)
    return (share[:, None, None, None] * of).sum(0)


def record(pictures, classes, bars, seed=0):
    """Six evaluations under the names that convert -check knows: noisy pictures from the set and
    noise alone, with a class and without."""
    g = torch.Generator().manual_seed(seed)
    unpacked = pictures.double() / 127.5 - 1
    times = [999, 800, 500, 300, 100, 3]
    last = int(classes.max())
    labels = [-1, min(3, last), -1, last, -1, 0]
    xs, outs = [], []
    for i, (t, label) in enumerate(zip(times, labels)):
        bar = float(bars[t])
        x0 = unpacked[(i * len(unpacked)) // len(times)]
        x = (bar ** 0.5 * x0 + (1 - bar) ** 0.5 * torch.randn(x0.shape, generator=g).double()).float().double()
        xs.append(x)
        outs.append(denoise(unpacked, classes, x, bar, label))
    return {"sample": torch.stack(xs).float(), "timesteps": torch.tensor(times), "class_labels": torch.tensor(labels),
            "output": torch.stack(outs)}


def main(arguments=None):
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--data", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--each", type=int, default=50, help="pictures of each class")
    p.add_argument("--size", type=int, default=0, help="shrink to this size by averaging")
    a = p.parse_args(arguments)
    data = Pictures(a.data, a.size)
    pictures, classes = choose(data.x, data.y, a.each)
    bars = diffusion.alpha_bars(SCHEDULE, 1000)
    os.makedirs(a.out, exist_ok=True)
    export.write_json(os.path.join(a.out, "config.json"), CONFIG)
    export.write_json(os.path.join(a.out, "scheduler_config.json"), diffusion.scheduler_config(SCHEDULE, "sample", 1000))
    export.write_safetensors(os.path.join(a.out, "golden.safetensors"), record(pictures, classes, bars))
    export.write_safetensors(os.path.join(a.out, "diffusion_pytorch_model.safetensors"),
                             {"pictures": pictures, "classes": classes.byte()})
    print(f"{len(pictures)} pictures of {len(set(classes.tolist()))} classes")


if __name__ == "__main__":
    main()
