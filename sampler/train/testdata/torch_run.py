"""Record a short training run of PyTorch for the tests of sampler/train:

    python3 torch_run.py .

A network of the kind that the lab trains (a table of classes, SiLU, a residual connection) learns a
fixed function on fixed batches: AdamW, clipped gradients, warm-up and cosine of the learning rate,
moving average. Everything is computed in float64, so that the recording has no rounding of its own.
"""
import json, math, os, sys

import torch
from torch import nn

STEPS, BATCH, WARMUP, RATE = 60, 24, 5, 0.01
CLASSES, WIDTH = 3, 12


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.classes = nn.Embedding(CLASSES, 4)
        self.first = nn.Linear(2 + 4, WIDTH)
        self.second = nn.Linear(WIDTH, WIDTH)
        self.last = nn.Linear(WIDTH, 2)

    def forward(self, x, y):
        h = nn.functional.silu(self.first(torch.cat([x, self.classes(y)], 1)))
        h = h + nn.functional.silu(self.second(h))
        return self.last(h)


def rate(n):
    if n < WARMUP:
        return RATE * (n + 1) / (WARMUP + 1)
    return RATE * 0.5 * (1 + math.cos(math.pi * (n - WARMUP) / (STEPS - WARMUP)))


def rounded(x):
    """Numbers that float32 holds exactly."""
    return x.float().double()


def listed(state):
    return {name: value.flatten().tolist() for name, value in state.items()}


def main():
    torch.manual_seed(17)
    torch.set_default_dtype(torch.float64)
    network = Network()
    network.load_state_dict({k: rounded(v) for k, v in network.state_dict().items()})
    record = {"torch": torch.__version__, "start": listed(network.state_dict()), "batches": [], "losses": [], "norms": []}
    average = {k: v.clone() for k, v in network.state_dict().items()}
    optimiser = torch.optim.AdamW(network.parameters(), lr=RATE, betas=(0.9, 0.99), eps=1e-8, weight_decay=0.1)
    for n in range(STEPS):
        x, y = rounded(torch.randn(BATCH, 2)), torch.randint(CLASSES, (BATCH,))
        target = rounded(torch.stack([torch.sin(2 * x[:, 0]) + y, x[:, 0] * x[:, 1]], 1))
        loss = ((network(x, y) - target) ** 2).mean()
        optimiser.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        for group in optimiser.param_groups:
            group["lr"] = rate(n)
        optimiser.step()
        keep = min(0.95, (1 + n) / (10 + n))
        for k, v in network.state_dict().items():
            average[k] += (v - average[k]) * (1 - keep)
        record["batches"].append({"x": x.flatten().tolist(), "y": y.tolist(), "target": target.flatten().tolist()})
        record["losses"].append(loss.item())
        record["norms"].append(norm.item())
    record["end"], record["average"] = listed(network.state_dict()), listed(average)
    path = os.path.join(sys.argv[1], "torch_run.json")
    with open(path, "w") as f:
        json.dump(record, f)
    os.system("gzip -9 -n -f " + path)


main()
