"""A noise-conditional classifier p(y | x_t, t) for classifier guidance: the network, and its
training on MNIST.

    python3 classifier.py -data mnist.npz -o OUT          train (about half an hour on one core)
    python3 classifier.py -data mnist.npz -o OUT -test    accuracy of the model in OUT by noise level

The network is the way down of diffusers' UNet2DModel under its names, without attention, and a
linear head on the mean over all pixels. OUT gets config.json, scheduler_config.json,
model.safetensors (exponential moving average) and golden.safetensors, which tools/convert reads.
Needs PyTorch 1.13 or later and numpy.
"""
import argparse, copy, json, math, os, struct, time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

CONFIG = {
    "_class_name": "NoisyClassifier", "sample_size": 32, "in_channels": 1, "num_classes": 10,
    "block_out_channels": [16, 32, 64, 64], "layers_per_block": 1, "time_embedding_dim": 64,
    "norm_num_groups": 8, "norm_eps": 1e-5,
}
SCHEDULER = {
    "_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2", "clip_sample": True, "num_train_timesteps": 1000,
    "prediction_type": "epsilon", "timestep_spacing": "leading",
}


def sinusoid(t, width):
    """Cosines, then sines, of t times 10000^(-2i/width): diffusers' Timesteps with flip_sin_to_cos.
    """
    half = width // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32) / half)
    angles = t.float()[:, None] * frequencies
    return torch.cat([angles.cos(), angles.sin()], 1)


class TimestepEmbedding(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(width, width), nn.Linear(width, width)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


class ResnetBlock2D(nn.Module):
    def __init__(self, inputs, outputs, embedding, groups, eps):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inputs, eps)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(embedding, outputs)
        self.norm2 = nn.GroupNorm(groups, outputs, eps)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x))) + self.time_emb_proj(emb)[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class Downsample2D(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=1)

    def forward(self, x):
        return self.conv(x)


class DownBlock2D(nn.Module):
    def __init__(self, inputs, outputs, layers, last, embedding, groups, eps):
        super().__init__()
        self.resnets = nn.ModuleList(
            ResnetBlock2D(inputs if i == 0 else outputs, outputs, embedding, groups, eps) for i in range(layers))
        self.downsamplers = None if last else nn.ModuleList([Downsample2D(outputs)])

    def forward(self, x, emb):
        for block in self.resnets:
            x = block(x, emb)
        return x if self.downsamplers is None else self.downsamplers[0](x)


class NoisyClassifier(nn.Module):
    """Logits [N, classes] of noisy pictures x [N, C, H, W] at timesteps t [N]."""

    def __init__(self, config):
        super().__init__()
        widths, self.width = config["block_out_channels"], config["time_embedding_dim"]
        shared = self.width, config["norm_num_groups"], config["norm_eps"]
        self.conv_in = nn.Conv2d(config["in_channels"], widths[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(self.width)
        self.down_blocks = nn.ModuleList(
            DownBlock2D(widths[max(i - 1, 0)], w, config["layers_per_block"], i == len(widths) - 1, *shared)
            for i, w in enumerate(widths))
        self.conv_norm_out = nn.GroupNorm(config["norm_num_groups"], widths[-1], config["norm_eps"])
        self.classifier = nn.Linear(widths[-1], config["num_classes"])

    def forward(self, x, t):
        emb = F.silu(self.time_embedding(sinusoid(t, self.width).to(x.dtype)))
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x, emb)
        return self.classifier(F.silu(self.conv_norm_out(x)).mean((2, 3)))


def gradient(model, x, t, y):
    """Logits, and the gradient of log p(y | x, t) with respect to x."""
    x = x.detach().requires_grad_(True)
    logits = model(x, t)
    chosen = F.log_softmax(logits, 1).gather(1, y[:, None]).sum()
    return logits.detach(), torch.autograd.grad(chosen, x)[0]


def alpha_bar(config):
    """The squared-cosine schedule of Nichol and Dhariwal, betas capped at 0.999."""
    steps = config["num_train_timesteps"]
    f = lambda u: math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
    betas = [min(1 - f((i + 1) / steps) / f(i / steps), 0.999) for i in range(steps)]
    return torch.tensor(1 - np.array(betas)).cumprod(0).float()


def noised(x, t, levels, generator):
    a = levels[t][:, None, None, None]
    return a.sqrt() * x + (1 - a).sqrt() * torch.randn(x.shape, generator=generator)


def save(path, tensors, metadata=None):
    """Write a safetensors file; tensors keep their type."""
    kinds = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.int64: "I64"}
    header, offset = {"__metadata__": {"format": "pt", **(metadata or {})}}, 0
    blobs = []
    for name, x in sorted(tensors.items(), key=lambda item: (-item[1].element_size(), item[0])):
        blob = x.contiguous().numpy().tobytes()
        header[name] = {"dtype": kinds[x.dtype], "shape": list(x.shape), "data_offsets": [offset, offset + len(blob)]}
        offset += len(blob)
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def load(path):
    with open(path, "rb") as f:
        b = f.read()
    n = struct.unpack("<Q", b[:8])[0]
    kinds = {"F32": np.float32, "F64": np.float64, "F16": np.float16, "I64": np.int64}
    return {
        name: torch.from_numpy(np.frombuffer(b[8 + n + e["data_offsets"][0]:8 + n + e["data_offsets"][1]], kinds[e["dtype"]]).reshape(e["shape"]).copy())
        for name, e in json.loads(b[8:8 + n]).items() if name != "__metadata__"
    }


def pictures(data, part):
    x = torch.from_numpy(data["x_" + part]).permute(0, 3, 1, 2).float() / 127.5 - 1
    return x.contiguous(), torch.from_numpy(data["y_" + part]).long()


def shifted(x, generator):
    """Move a batch by up to two pixels; the border is black."""
    dy, dx = torch.randint(0, 5, (2,), generator=generator).tolist()
    return F.pad(x, (2, 2, 2, 2), value=-1)[:, :, dy:dy + x.shape[2], dx:dx + x.shape[3]]


@torch.no_grad()
def report(model, data, levels):
    """Accuracy and mean log-likelihood on the test pictures at several noise levels."""
    x, y = pictures(data, "test")
    generator = torch.Generator().manual_seed(2)
    model.eval()
    print("   t  alpha-bar  accuracy  log p(y|x)")
    for t in [0, *range(99, 1000, 100)]:
        right, likelihood = 0, 0.0
        for i in range(0, len(x), 500):
            ts = torch.full((min(500, len(x) - i),), t)
            logits = model(noised(x[i:i + 500], ts, levels, generator), ts)
            right += (logits.argmax(1) == y[i:i + 500]).sum().item()
            likelihood -= F.cross_entropy(logits, y[i:i + 500], reduction="sum").item()
        print("%4d   %8.6f   %6.2f %%   %8.4f" % (t, levels[t], 100 * right / len(x), likelihood / len(x)), flush=True)


def train(args, data, levels):
    x, y = pictures(data, "train")
    generator = torch.Generator().manual_seed(args.seed)
    torch.manual_seed(args.seed)
    model = NoisyClassifier(CONFIG)
    average = copy.deepcopy(model)
    optimizer = torch.optim.AdamW(model.parameters(), lr=args.rate, weight_decay=0.02)
    total = args.pictures // args.batch
    began, running = time.time(), 0.0
    for step in range(total):
        for group in optimizer.param_groups:
            group["lr"] = args.rate * min((step + 1) / 200, 0.5 + 0.5 * math.cos(math.pi * step / total))
        chosen = torch.randint(0, len(x), (args.batch,), generator=generator)
        t = torch.randint(0, len(levels), (args.batch,), generator=generator)
        loss = F.cross_entropy(model(noised(shifted(x[chosen], generator), t, levels, generator), t), y[chosen])
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        decay = min(0.999, (step + 1) / (step + 10))
        with torch.no_grad():
            for a, p in zip(average.parameters(), model.parameters()):
                a.lerp_(p, 1 - decay)
        running = 0.99 * running + 0.01 * loss.item()
        if step % 100 == 99:
            rate = (step + 1) * args.batch / (time.time() - began)
            print("step %d of %d, loss %.4f, %.0f pictures/s, %.0f s left" % (
                step + 1, total, running / (1 - 0.99 ** (step + 1)), rate, (total - step - 1) * args.batch / rate), flush=True)
    print("trained for %.0f s" % (time.time() - began), flush=True)
    return average


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("-data", required=True, help="mnist.npz: x_train, y_train, x_test, y_test, uint8 NHWC")
    parser.add_argument("-o", required=True, help="folder of the result")
    parser.add_argument("-test", action="store_true", help="only report the accuracy of the model in the folder")
    parser.add_argument("-pictures", type=int, default=600_000)
    parser.add_argument("-batch", type=int, default=128)
    parser.add_argument("-rate", type=float, default=2e-3)
    parser.add_argument("-seed", type=int, default=1)
    parser.add_argument("-threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    data, levels = np.load(args.data), alpha_bar(SCHEDULER)
    if args.test:
        model = NoisyClassifier(CONFIG)
        model.load_state_dict(load(os.path.join(args.o, "model.safetensors")))
        report(model, data, levels)
        return
    model = train(args, data, levels).eval()
    os.makedirs(args.o, exist_ok=True)
    for name, config in ("config.json", CONFIG), ("scheduler_config.json", SCHEDULER):
        with open(os.path.join(args.o, name), "w") as f:
            json.dump(config, f, indent=2)
    save(os.path.join(args.o, "model.safetensors"), model.state_dict())
    x, y = pictures(data, "test")
    generator = torch.Generator().manual_seed(3)
    t = torch.tensor([3, 250, 600, 900])
    x, y = noised(x[:4], t, levels, generator), y[:4]
    logits, slope = gradient(model, x, t, y)
    save(os.path.join(args.o, "golden.safetensors"), {"sample": x, "timesteps": t, "class_labels": y, "output": logits, "gradient": slope})
    report(model, data, levels)


if __name__ == "__main__":
    main()
