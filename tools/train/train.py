"""Trains a diffusion model that tools/convert reads.

    python3 train.py --data digits.npz --out runs/digits --pictures 600000

Needs PyTorch (1.13 or later), numpy and Pillow; a CPU is enough, and CUDA is used if there is a
GPU. The folder --out gets config.json, scheduler_config.json, diffusion_pytorch_model.safetensors
(exponential moving average) and golden.safetensors for tools/convert, samples.png and loss.png to
look at, log.csv, and state.pt, from which the same command continues after an interruption. The
same seed on the same machine gives the same weights, interrupted or not.
"""
import argparse
import csv
import os
import signal
import sys
import time

import torch

import data
import diffusion
import export
import pictures
import unet

SHOWN = 20  # steps of the samples that are shown


def arguments(argv):
    return checked(parser(__doc__.split("\n\n")[0]), argv)


def parser(description):
    p = argparse.ArgumentParser(description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    p.add_argument("--data", required=True, help=".npz that prepare_*.py made")
    p.add_argument("--out", required=True, help="the run's folder")
    g = p.add_argument_group("network")
    g.add_argument("--size", type=int, default=0, help="shrink the pictures to this; 0: as they are")
    g.add_argument("--channels", type=whole, default=(32, 64, 64), help="width at each level, finest first")
    g.add_argument("--layers", type=int, default=1, help="resnets a level")
    g.add_argument("--attention", type=whole, default=(2,), help="levels with attention besides the middle")
    g.add_argument("--groups", type=int, default=8)
    g.add_argument("--head", type=int, default=32, help="width of an attention head")
    g.add_argument("--dropout", type=float, default=0.0, help="in the resnets")
    g.add_argument("--start", help="a run's folder: begin with its averaged weights, where the shapes agree")
    g.add_argument("--low", type=int, default=0, help="second stage of a cascade: sees the picture in this size, too")
    g.add_argument("--low-noise", type=int, default=300, help="... with the noise of a timestep below this")
    g = p.add_argument_group("diffusion")
    g.add_argument("--predict", choices=sorted(diffusion.KINDS), default="epsilon")
    g.add_argument("--loss", choices=sorted(diffusion.WEIGHTS), default="min-snr")
    g.add_argument("--schedule", default="squaredcos_cap_v2", help="squaredcos_cap_v2, linear or learned")
    g.add_argument("--gamma", type=real, default=(-10.0, 9.0), help="-log SNR at the ends of a learned schedule")
    g.add_argument("--timesteps", type=int, default=1000)
    g.add_argument("--drop", type=float, default=0.1, help="share of pictures without their class")
    g = p.add_argument_group("training")
    g.add_argument("--pictures", type=int, default=500_000, help="number of training pictures; sets the course of the learning rate")
    g.add_argument("--minutes", type=float, default=0, help="stop after this time; the same command continues. 0: no limit")
    g.add_argument("--batch", type=int, default=128)
    g.add_argument("--rate", type=float, default=1e-3, help="learning rate after --warmup steps, until --hold of the way")
    g.add_argument("--warmup", type=int, default=200)
    g.add_argument("--hold", type=float, default=0.4, help="from there the rate falls to 0.02 of itself")
    g.add_argument("--decay", type=float, default=0.01, help="AdamW's weight decay")
    g.add_argument("--clip", type=float, default=1.0, help="largest norm of a gradient")
    g.add_argument("--ema", type=float, default=0.9995, help="of the moving average, reached from below")
    g.add_argument("--flip", action="store_true", help="mirror half of the pictures")
    g.add_argument("--roll", type=int, default=0, help="move pictures by up to this many pixels")
    g.add_argument("--seed", type=int, default=0)
    g = p.add_argument_group("machine")
    g.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    g.add_argument("--precision", choices=("auto", "float32", "bfloat16"), default="auto",
                   help="of convolutions and products; auto: bfloat16 on CUDA, on a CPU the faster one, measured")
    g.add_argument("--compile", action="store_true", help="torch.compile, where PyTorch has it (worth it on CUDA)")
    g.add_argument("--threads", type=int, default=0, help="of the CPU; 0: PyTorch's choice")
    g = p.add_argument_group("what is written")
    g.add_argument("--save", type=float, default=180, help="seconds between states")
    g.add_argument("--show", type=float, default=600, help="seconds between grids of samples")
    g.add_argument("--guidance", type=float, default=1.5, help="of the samples")
    return p


def checked(p, argv):
    a = p.parse_args(argv)
    if a.timesteps < SHOWN:
        p.error(f"--timesteps is {a.timesteps} and must be at least {SHOWN}, the number of steps of the samples that are shown")
    if a.low and not 0 < a.low_noise <= a.timesteps:
        p.error(f"--low-noise is {a.low_noise} and must be from 1 to --timesteps, {a.timesteps}")
    return a


def whole(text):
    return tuple(int(part) for part in text.split(",") if part)


def real(text):
    return tuple(float(part) for part in text.split(","))


class Run:
    def __init__(self, a):
        self.a = a
        if a.threads:
            torch.set_num_threads(a.threads)
        os.makedirs(a.out, exist_ok=True)
        torch.manual_seed(a.seed)
        self.data = d = data.Pictures(a.data, a.size, a.device)
        self.config = unet.config(
            d.size, d.channels * (2 if a.low else 1), d.channels, a.channels, a.layers, a.attention, a.groups, a.head,
            0 if a.low else len(d.classes), a.dropout, level=bool(a.low))
        self.none = len(d.classes)
        self.network = self.first().to(a.device, memory_format=torch.channels_last)
        self.average = unet.same(unet.UNet2DModel, self.network).to(a.device, memory_format=torch.channels_last).eval()
        self.parameters = list(self.network.parameters())
        self.averaged = list(self.average.parameters())
        self.optimizer = torch.optim.AdamW(self.parameters, lr=a.rate, betas=(0.9, 0.99), weight_decay=a.decay)
        self.learned = a.schedule == "learned"
        self.schedule = (diffusion.Learned(*a.gamma, a.timesteps) if self.learned
                         else diffusion.Fixed(a.schedule, a.timesteps)).to(a.device)
        self.schedule_optimizer = torch.optim.Adam(self.schedule.parameters(), lr=1e-2) if self.learned else None
        self.low_noise = diffusion.Fixed("squaredcos_cap_v2", a.timesteps).to(a.device).gamma
        self.batch = min(a.batch, len(d.x))
        self.steps = self.seen = 0
        self.seconds = 0.0
        self.resume()
        self.forward = self.network
        if a.compile and hasattr(torch, "compile"):
            self.forward = torch.compile(self.network)
        self.bfloat16 = a.precision == "bfloat16" or a.precision == "auto" and self.faster_in_bfloat16()

    def first(self):
        """The network to begin with."""
        network = unet.start(unet.UNet2DModel(self.config))
        if self.a.start:
            tensors = export.read_safetensors(os.path.join(self.a.start, "diffusion_pytorch_model.safetensors"))
            own = network.state_dict()
            same = {k: v for k, v in tensors.items() if k in own and v.shape == own[k].shape}
            if not any(v.dim() > 1 for v in same.values()):
                raise SystemExit(f"train: {self.a.start} holds a network without a matrix of the same shape; see --channels")
            print(f"begins with {len(same)} of {len(own)} tensors of {self.a.start}", flush=True)
            network.load_state_dict(same, strict=False)
        return network

    # One step

    def items(self):
        """A batch: pictures, what the network sees besides the noisy picture (or None), and y."""
        a = self.a
        x, y = self.data.batch(a.batch)
        x = data.augment(x, a.flip, a.roll)
        if a.low:
            return (x, *self.low(x, torch.randint(a.low_noise, (len(x),), device=x.device)))
        dropped = torch.rand(len(y), device=y.device) < a.drop
        return x, None, torch.where(dropped, torch.full_like(y, self.none), y)

    def low(self, x, level):
        """The low-resolution channels of a second stage, noised to the given timesteps
        (noise-conditioning augmentation, Ho et al., arXiv:2106.15282), and the timesteps as y: as
        diffusers' upscalers are told their noise_level."""
        seen = data.condition(x, self.a.low)
        return diffusion.mix(seen, torch.randn_like(seen), self.low_noise[level]), level

    def errors(self, network, x, also, y, t, gamma, epsilon):
        """Mean square error of each picture in epsilon, [n]. Differentiable in gamma."""
        kind = self.a.predict
        see = diffusion.mix(x, epsilon, gamma)
        if also is not None:
            see = torch.cat([see, also], 1)
        with torch.autocast(torch.device(self.a.device).type, dtype=torch.bfloat16, enabled=self.bfloat16):
            out = network(see.contiguous(memory_format=torch.channels_last), t, y)
        wanted = diffusion.target(kind, x, epsilon, gamma)
        return (out.float() - wanted).square().mean((1, 2, 3)) * diffusion.as_epsilon(kind, gamma)

    def objective(self):
        """The loss of a batch, and what else is to be done once it has gradients."""
        a = self.a
        x, also, y = self.items()
        t, gamma, slope = self.schedule.draw(len(x))
        leaf = gamma.detach().requires_grad_(self.learned)
        error = self.errors(self.forward, x, also, y, t.detach(), leaf, torch.randn_like(x))
        weight = diffusion.weigh(a.loss, a.predict, gamma.detach(), slope.detach())

        def learn_schedule():
            self.schedule_optimizer.zero_grad(set_to_none=True)
            diffusion.least_variance(gamma, slope, leaf, weight, error.detach())
            self.schedule_optimizer.step()
        return (weight * error).mean(), learn_schedule if self.learned else lambda: None

    def step(self):
        """Trains on one batch and returns the loss, still on the device."""
        a = self.a
        self.network.train()
        loss, further = self.objective()
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parameters, a.clip)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.optimizer.step()
        further()
        self.steps += 1
        self.seen += self.batch
        keep = min(a.ema, (1 + self.steps) / (10 + self.steps))
        with torch.no_grad():
            torch._foreach_mul_(self.averaged, keep)
            torch._foreach_add_(self.averaged, self.parameters, alpha=1 - keep)
        return loss.detach()

    def rate(self):
        a, way = self.a, self.seen / self.a.pictures
        fall = 1 if way < a.hold else max(0.02, (1 - way) / (1 - a.hold))
        return a.rate * min(1, (self.steps + 1) / a.warmup) * fall

    def faster_in_bfloat16(self):
        """On a CPU, tries both: bfloat16 is slow without AMX. Weights and generators do not change.
        """
        if torch.device(self.a.device).type == "cuda":
            return True
        took = {}
        before = torch.get_rng_state()
        x = torch.randn(32, self.config["in_channels"], self.data.size, self.data.size)
        x, t = x.contiguous(memory_format=torch.channels_last), torch.zeros(32, dtype=torch.long)
        for bfloat16 in (False, True):
            for _ in range(3):  # the last counts
                start = time.process_time()
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bfloat16):
                    out = self.network(x, t, t)
                out.float().square().mean().backward()
                took[bfloat16] = time.process_time() - start
        torch.set_rng_state(before)
        print(f"float32 {took[False]:.2f} s a batch of 32, bfloat16 {took[True]:.2f} s", flush=True)
        return took[True] < 0.9 * took[False]

    # Looking

    @torch.no_grad()
    def held_out_loss(self):
        """The loss of the moving average on held-out pictures, with the same noise every time."""
        with torch.random.fork_rng():
            torch.manual_seed(1)
            x, y = self.data.held_out(256)
            total = 0.0
            for i in range(0, len(x), 128):
                part = x[i:i + 128]
                t, gamma, slope = self.schedule.draw(len(part))
                also, label = self.low(part, torch.full((len(part),), self.a.low_noise // 3, device=part.device)) if self.a.low \
                    else (None, y[i:i + 128])
                noise = torch.randn(part.shape).to(part.device)
                error = self.errors(self.average, part, also, label, t, gamma, noise)
                total += (diffusion.weigh(self.a.loss, self.a.predict, gamma, slope) * error).sum().item()
            return total / len(x)

    def show(self):
        """samples.png: eight pictures of each class (at most 16 classes), or of held-out pictures
        enlarged."""
        a, d = self.a, self.data
        rows = min(self.none, 16)
        g = torch.Generator().manual_seed(a.seed)
        x = torch.randn(rows * 8, d.channels, d.size, d.size, generator=g).to(a.device)
        y, also, guidance = torch.arange(rows, device=a.device).repeat_interleave(8), None, a.guidance
        if a.low:
            held, _ = d.held_out(len(x))
            with torch.random.fork_rng():
                torch.manual_seed(a.seed)
                also, y = self.low(held, torch.full((len(held),), a.low_noise // 3, device=a.device))
            x, guidance = x[:len(held)], 1
        made = []
        for i in range(0, len(x), 32):
            part = slice(i, i + 32)
            made.append(self.samples(x[part], y[part], guidance, None if also is None else also[part]))
        pictures.grid(os.path.join(a.out, "samples.png"), data.pixels(torch.cat(made)).cpu(), 8)

    def samples(self, x, y, guidance, also):
        """What becomes of noise."""
        return diffusion.ddim(self.average, self.a.predict, self.schedule.table(), x, y, self.none, SHOWN, guidance, also=also)

    # Keeping

    def diffusion(self):
        """What the network learns; a state continues only with the same."""
        a = self.a
        return [a.predict, a.loss, a.schedule, list(a.gamma), a.timesteps, a.low, a.low_noise]

    def state_file(self):
        return os.path.join(self.a.out, "state.pt")

    def resume(self):
        if not os.path.exists(self.state_file()):
            return
        s = torch.load(self.state_file(), map_location=self.a.device)
        if s["config"] != self.config or s["diffusion"] != self.diffusion():
            raise SystemExit(f"train: {self.a.out} holds the state of another network, or of one that learns something else; "
                             "name another folder with --out")
        self.restore(s)
        print(f"goes on after {self.seen} pictures", flush=True)

    def restore(self, s):
        """Takes what state() gave."""
        self.network.load_state_dict(s["network"])
        self.average.load_state_dict(s["average"])
        self.optimizer.load_state_dict(s["optimizer"])
        self.schedule.load_state_dict(s["schedule"])
        if self.learned:
            self.schedule_optimizer.load_state_dict(s["schedule_optimizer"])
        self.steps, self.seen, self.seconds = s["steps"], s["seen"], s["seconds"]
        self.data.order, self.data.at = s["order"], s["at"]
        torch.set_rng_state(s["random"].cpu())
        if s["cuda_random"] is not None and torch.cuda.is_available():
            torch.cuda.set_rng_state(s["cuda_random"].cpu())

    def state(self):
        """All that a run goes on from."""
        return {
            "config": self.config, "diffusion": self.diffusion(), "network": self.network.state_dict(), "average": self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(), "schedule": self.schedule.state_dict(),
            "schedule_optimizer": self.schedule_optimizer.state_dict() if self.learned else None,
            "steps": self.steps, "seen": self.seen, "seconds": self.seconds, "order": self.data.order, "at": self.data.at,
            "random": torch.get_rng_state(),
            "cuda_random": torch.cuda.get_rng_state() if torch.device(self.a.device).type == "cuda" else None,
        }

    def save(self):
        temporary = self.state_file() + ".part"
        torch.save(self.state(), temporary)
        os.replace(temporary, self.state_file())
        with torch.random.fork_rng():
            network = unet.UNet2DModel(self.config)
        network.load_state_dict({k: v.float().cpu() for k, v in self.average.state_dict().items()})
        name = "squaredcos_cap_v2" if self.learned else self.a.schedule
        export.export(self.a.out, network, diffusion.scheduler_config(name, self.a.predict, self.a.timesteps),
                      self.schedule.table(), self.schedule if self.learned else None)

    def log(self, loss, speed):
        """A line for people and one in log.csv."""
        left = (self.a.pictures - self.seen) / max(speed, 1e-9)
        held = self.held_out_loss()
        print(f"{self.seen:>9} pictures  loss {loss:.4f}  held out {held:.4f}  rate {self.rate():.1e}  {speed:.1f} img/s  "
              f"{self.seconds / 60:.1f} min, {left / 60:.0f} to go", flush=True)
        path, rows = os.path.join(self.a.out, "log.csv"), []
        if os.path.exists(path):
            with open(path) as f:  # without the lines after the state
                rows = [r for r in csv.DictReader(f) if int(r["pictures"]) < self.seen]
        rows.append({"pictures": self.seen, "seconds": round(self.seconds, 1), "loss": f"{loss:.5f}", "held_out": f"{held:.5f}"})
        with open(path, "w", newline="") as f:
            w = csv.DictWriter(f, rows[0])
            w.writeheader()
            w.writerows(rows)
        pictures.curve(os.path.join(self.a.out, "loss.png"), {
            name: [(float(r["pictures"]), float(r[column])) for r in rows]
            for name, column in (("loss", "loss"), ("held out, averaged", "held_out"))})


def train(run):
    a = run.a
    parameters = sum(p.numel() for p in run.parameters)
    print(f"{parameters} parameters, {len(run.data.x)} pictures in {len(run.data.classes)} classes, {a.device}, "
          f"{'bfloat16' if run.bfloat16 else 'float32'}", flush=True)
    stop = []
    for s in (signal.SIGINT, signal.SIGTERM):
        signal.signal(s, lambda *_: stop.append(True))
    began = saved = time.monotonic()
    shown = began if run.steps else began - a.show + 60
    before, losses, since, seen = run.seconds, [], began, run.seen
    while run.seen < a.pictures and not stop and not (a.minutes and time.monotonic() - began > 60 * a.minutes):
        losses.append(run.step())
        now = time.monotonic()
        run.seconds = before + now - began
        if now - saved > a.save:
            run.log(torch.stack(losses).mean().item(), (run.seen - seen) / (now - since))
            run.save()
            if now - shown > a.show:
                run.show()
                shown = time.monotonic()
            losses, since, seen, saved = [], time.monotonic(), run.seen, time.monotonic()
    if losses:
        run.log(torch.stack(losses).mean().item(), (run.seen - seen) / max(time.monotonic() - since, 1e-9))
    run.save()
    run.show()
    print("done" if run.seen >= a.pictures else "stopped; the same command goes on", flush=True)


if __name__ == "__main__":
    train(Run(arguments(sys.argv[1:])))
