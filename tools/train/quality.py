"""The quality of a model, in PyTorch and through the sampler in Go, with the same noise.

    GOEXPERIMENT=simd python3 quality.py --data digits.npz --run runs/digits --weights ../../weights/digits.safetensors

Prints the class accuracy by an independent classifier (judge.py); the Fréchet distance to held-out
pictures in its features, beside that of as many real training pictures; and the distance to the
nearest training pictures. --run is a folder that tools/convert reads; --run or --weights may be
left out.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time
from urllib.parse import quote

import numpy as np
import torch
from PIL import Image

import data
import diffusion
import export
import judge as judges
import pictures
import unet

HERE = os.path.dirname(os.path.abspath(__file__))
AT_ONCE = 50  # pictures


def arguments(argv):
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0], formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--size", type=int, default=0, help="shrink the pictures to this, as in training")
    p.add_argument("--run", help="a diffusers folder, sampled by PyTorch in float32")
    p.add_argument("--weights", help="a converted file, sampled by tools/sample")
    p.add_argument("--n", type=int, default=1000, help="pictures, rounded to as many of each class")
    p.add_argument("--steps", type=int, default=50)
    p.add_argument("--guidance", type=float, default=1.5)
    p.add_argument("--eta", type=float, default=0.0, help="fresh noise of each step, from 0 to 1")
    p.add_argument("--recipe", action="append", metavar="KEYS",
                   help="of tools/sample, instead of --steps, --guidance, --eta and --noise: what differs from the file's own "
                        "recipe, '' for nothing; may be repeated")
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--noise", choices=("torch", "philox"), default="torch",
                   help="of tools/sample: PyTorch's, or the default of recipes")
    p.add_argument("--judge", help="file to keep the judge in")
    p.add_argument("--judge-pictures", type=int, default=120_000, help="pictures in the training of a judge")
    p.add_argument("--roll", type=int, default=-1, help="largest shift of its training pictures in pixels; -1: 2 with --flip, else 0")
    p.add_argument("--flip", action="store_true", help="mirror half of its training pictures (small sets)")
    p.add_argument("--judges", type=int, default=1, help="number of judges, of different seeds; the figures are their means")
    p.add_argument("--draws", type=int, default=12, help="number of draws of as many real training pictures; one draw varies much")
    p.add_argument("--grid", help="PNG of eight pictures a class, from the last sampler")
    p.add_argument("--neighbours", help="PNG of pictures over their nearest training pictures, one column a class")
    p.add_argument("--threads", type=int, default=0)
    a = p.parse_args(argv)
    if a.recipe is not None and (a.run or not a.weights):
        p.error("--recipe is for a converted file: give --weights, and no --run")
    if a.run and a.noise != "torch":
        p.error("--run is sampled with PyTorch's noise alone: leave --run out, or --noise")
    return a


def noise(seed, count, shape):
    """Draws the noise of the recipe's noise=torch, first and fresh: picture i has its own
    generator, seeded with seed + i."""
    generators = [torch.Generator().manual_seed(seed + i) for i in range(count)]
    return lambda: torch.stack([torch.randn(shape, generator=g) for g in generators])


def by_pytorch(a, classes, each):
    """Bytes [classes * each, C, H, W], class by class."""
    config, scheduler = (export.read_json(os.path.join(a.run, name)) for name in ("config.json", "scheduler_config.json"))
    config.setdefault("class_embed_type", None)
    tensors = export.read_safetensors(os.path.join(a.run, "diffusion_pytorch_model.safetensors"))
    network = unet.UNet2DModel(config).eval()
    network.load_state_dict({k: v for k, v in tensors.items() if not k.startswith("schedule.")})
    if "schedule.gamma" in tensors:
        table = diffusion.table_of(tensors, scheduler["num_train_timesteps"])
    else:
        table = diffusion.Fixed(scheduler["beta_schedule"], scheduler["num_train_timesteps"]).table()
    made = []
    shape = (config["out_channels"], config["sample_size"], config["sample_size"])
    for c in range(classes):
        for start in range(0, each, AT_ONCE):
            n = min(AT_ONCE, each - start)
            fresh = noise(a.seed + c * each + start, n, shape)
            made.append(diffusion.ddim(network, scheduler["prediction_type"], table, fresh(), torch.full((n,), c), classes,
                                       a.steps, a.guidance, eta=a.eta, fresh=fresh))
    return data.pixels(torch.cat(made))


def recipe(a, name, seed, n, keys):
    """Classes are given by name, since 7 is the name of one glyph and the index of another."""
    if keys is None:
        keys = f"k=ddim&steps={a.steps}&g={a.guidance}&eta={a.eta}&noise={a.noise}&spacing=leading&clip=1&rederive=on"
    return f"m={os.path.basename(a.weights).split('.')[0]}&c={quote(name)}&s={seed}&n={n}" + (f"&{keys}" if keys else "")


def by_go(a, classes, each, size, keys):
    """The same through tools/sample: with noise=torch its recipe has the same first noise. keys: of a recipe of its own, or
    None."""
    names = export.read_classes(a.weights)
    made = []
    with tempfile.TemporaryDirectory() as folder:
        tool, sheet = os.path.join(folder, "sample"), os.path.join(folder, "sheet.png")
        subprocess.run(["go", "build", "-o", tool, "./tools/sample"], check=True, cwd=os.path.join(HERE, "..", ".."))
        for c in range(classes):
            for start in range(0, each, AT_ONCE):
                n = min(AT_ONCE, each - start)
                text = recipe(a, names[c], a.seed + c * each + start, n, keys)
                subprocess.run([tool, "-weights", a.weights, "-recipe", text, "-o", sheet], check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                made.append(cells(np.asarray(Image.open(sheet)), n, size))
    return torch.cat(made)


def cells(sheet, n, size, line=2):
    """The pictures of tools/sample's grid, which is nearly square, with two pixels between them."""
    sheet = sheet.reshape(*sheet.shape[:2], -1)[..., :3]
    columns, line = int(np.ceil(np.sqrt(n))), 0 if n == 1 else line
    pitch = size + line
    at = lambda i: (i // columns * pitch + line, i % columns * pitch + line)
    return torch.from_numpy(np.stack([sheet[y:y + size, x:x + size] for y, x in map(at, range(n))])).permute(0, 3, 1, 2)


class Panel:
    """Judges, and their results for held-out pictures."""

    def __init__(self, a, d):
        roll = 2 * a.flip if a.roll < 0 else a.roll
        self.judges = [judges.load_or_train(a.judge, d, seed, seen=a.judge_pictures, flip=a.flip, roll=roll) for seed in range(a.judges)]
        held = [judges.judged(judge, data.unit(d.held)) for judge in self.judges]
        self.held = [features for features, _ in held]
        self.right = sum((seen == d.held_y).float().mean().item() for _, seen in held) / len(held)

    def of(self, x, y):
        """Accuracy, the judges' mean, and Fréchet distance by judge."""
        seen = [judges.judged(judge, data.unit(x)) for judge in self.judges]
        right = sum((classes == y).float().mean().item() for _, classes in seen) / len(seen)
        return right, [judges.frechet(features, held) for (features, _), held in zip(seen, self.held)]


def by_chance(a, panel, d, each):
    """The same of real training pictures, as many of each class: the accuracy, the mean distance by
    judge, and every draw's mean."""
    pick = torch.Generator().manual_seed(0)
    of_class = [torch.where(d.y == c)[0] for c in range(len(d.classes))]
    right, distances = 0, []
    for _ in range(a.draws):
        chosen = torch.cat([i[torch.randperm(len(i), generator=pick)[:each]] for i in of_class])
        share, drawn = panel.of(d.x[chosen], d.y[chosen])
        right += share / a.draws
        distances.append(drawn)
    by_judge = [sum(one) / len(one) for one in zip(*distances)]
    return right, by_judge, [sum(drawn) / len(drawn) for drawn in distances]


def spread(values):
    """The mean, and the range of the values."""
    mean = f"{sum(values) / len(values):.2f}"
    return mean if len(values) == 1 else f"{mean} ({min(values):.2f} to {max(values):.2f})"


def main(a):
    if a.threads:
        torch.set_num_threads(a.threads)
    d = data.Pictures(a.data, a.size)
    panel = Panel(a, d)
    classes = len(d.classes)
    each = max(1, a.n // classes)
    y = torch.arange(classes).repeat_interleave(each)
    how = "" if a.recipe else f", {a.steps} steps of DDIM, guidance {a.guidance:g}, eta {a.eta:g}"
    print(f"judge: {100 * panel.right:.1f} % of {len(d.held)} held-out pictures; {classes * each} pictures{how}\n")
    print("| pictures | class accuracy | Fréchet distance | over the real one's | nearest training picture, median | nearest of all |\n"
          "|---|---|---|---|---|---|")
    right, real, draws = by_chance(a, panel, d, each)
    print(f"| real, training: {a.draws} draws | {100 * right:.1f} % | {spread(real)}; by draw {spread(draws)} | | | |")
    apart, _ = judges.nearest(data.unit(d.held[:len(y)]), d.x)
    print(f"| real, held out | {100 * panel.right:.1f} % | | | {apart.median():.3f} | {apart.min():.3f} |", flush=True)
    made = {}
    shipped = "tools/sample, as shipped"
    for name, wanted, make in (("PyTorch, float32", a.run, lambda: by_pytorch(a, classes, each)),
                               *((shipped if keys is None else f"{shipped}, {keys or 'by default'}", a.weights,
                                  lambda keys=keys: by_go(a, classes, each, d.size, keys)) for keys in a.recipe or [None])):
        if wanted:
            start = time.monotonic()
            x = made[name] = make()
            right, distances = panel.of(x, y)
            apart, which = judges.nearest(data.unit(x), d.x)
            print(f"| {name} | {100 * right:.1f} % | {spread(distances)} | {spread([m / r for m, r in zip(distances, real)])} | "
                  f"{apart.median():.3f} | {apart.min():.3f} |", flush=True)
            print(f"{name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    if a.run and a.weights:
        one, two = (x.float() for x in made.values())
        differ = (one - two).abs()
        print(f"\nPixel by pixel the two differ by {differ.mean():.3f} of 255 on average; "
              f"{100 * (differ.amax((1, 2, 3)) <= 2).float().mean():.1f} % of the pictures by at most 2 anywhere.")
    if made and a.grid:
        x = list(made.values())[-1].reshape(classes, each, *d.x.shape[1:])[:, :8]
        pictures.grid(a.grid, x.flatten(0, 1), x.shape[1], scale=1)
    if made and a.neighbours:
        first = torch.arange(classes) * each
        pairs = torch.cat([list(made.values())[-1][first], d.x[which[first]]])
        pictures.grid(a.neighbours, pairs, classes, scale=1)


if __name__ == "__main__":
    main(arguments(sys.argv[1:]))
