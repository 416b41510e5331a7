"""Distils a trained model into one of few steps.

    python3 distill.py --data faces.npz --teacher runs/faces --out runs/faces-few --pictures 100000

The student is a phased consistency model (Wang et al., arXiv:2405.18407): the way from noise to
picture has as many phases as steps are wanted, and from wherever it is within a phase the student
jumps to the phase's end. It learns that from itself: its jump from a noisier place must end where
its averaged jump from the next place does, to which one step of the teacher leads (consistency
distillation, Song et al., arXiv:2303.01469, algorithm 2). The teacher has --guidance, so that the
student needs no second pass, and with --skip its step is as long as several (Luo et al., latent
consistency models, arXiv:2310.04378: guided distillation and skipping time steps).

With --direct the student learns only the jumps from phases' beginnings, and the teacher leads all
the way to their ends (as in progressive distillation, Salimans and Ho, arXiv:2202.00512, with more
steps at once): slower, but a student of phases gets nearer to its teacher in as many steps.

Phases end where TCD and LCM of as many steps have their timesteps, with original_inference_steps
of --places. TCD with eta 0 is then what the student was made for.

The folder --out gets what train.py writes. The run can be interrupted, and goes on, in the same way.
"""
import os
import sys

import torch

import diffusion
import export
import train
import unet


def arguments(argv):
    return checked(parser(__doc__.split("\n\n")[0]), argv)


def parser(description):
    p = train.parser(description)
    p.add_argument("--teacher", required=True, help="folder of the run to distil")
    p.add_argument("--student", help="folder of a run to begin with, in place of the teacher's; what it predicts stays")
    p.add_argument("--direct", action="store_true", help="learn whole phases from the teacher alone")
    p.add_argument("--skip", type=int, default=1, help="places that a step of the teacher is long")
    p.add_argument("--phases", type=int, default=4, help="number of steps that the student is for")
    p.add_argument("--places", type=int, default=50, help="number of steps of the teacher's way")
    p.set_defaults(rate=5e-4, warmup=50, hold=0.3, ema=0.99, batch=64)
    return p


def checked(p, argv):
    """The arguments, with a network as the student's."""
    a = p.parse_args(argv)
    a = train.checked(p, [*argv, *network(a.student or a.teacher)])
    if not 1 <= a.phases <= a.places <= a.timesteps:
        p.error(f"--phases is {a.phases} and --places {a.places}: 1 or more phases, at least as many places, and at most {a.timesteps}")
    if not 1 <= a.skip <= a.places:
        p.error(f"--skip is {a.skip}: 1 or more of the {a.places} places")
    return a


def network(folder):
    """Arguments of train.py that make a network like a run's, and what it predicts."""
    c, s = (export.read_json(os.path.join(folder, name)) for name in ("config.json", "scheduler_config.json"))
    with export.refusing(os.path.join(folder, "config.json")):
        joined = lambda numbers: ",".join(map(str, numbers))
        return ["--channels", joined(c["block_out_channels"]), "--layers", str(c["layers_per_block"]),
                "--attention", joined(i for i, kind in enumerate(c["down_block_types"]) if kind.startswith("Attn")),
                "--groups", str(c["norm_num_groups"]), "--head", str(c["attention_head_dim"]), "--predict", s["prediction_type"],
                "--schedule", s["beta_schedule"], "--timesteps", str(s["num_train_timesteps"]), "--start", folder]


def phases(places, count):
    """Where phases end, as numbers of places from the picture on: at it, and at LCM's timesteps but the first."""
    return [0, *(places - int(i * (places / count)) for i in range(count - 1, 0, -1))]


class Distillation(train.Run):
    def __init__(self, a):
        super().__init__(a)
        if self.config["num_class_embeds"] is None:
            raise SystemExit("distill: a model without classes, or the second stage of a cascade, cannot be distilled here")
        self.teacher = self.teacher.to(a.device, memory_format=torch.channels_last).eval().requires_grad_(False)
        stride = a.timesteps // a.places
        # alpha_bar at place i, where place 0 is the picture.
        levels = torch.sigmoid(-self.schedule.table().double())[stride - 1::stride][:a.places]
        kept = torch.cat([torch.ones(1, dtype=torch.float64, device=a.device), levels])
        self.signal, self.noise = kept.sqrt().float(), (1 - kept).sqrt().float()
        self.stride = stride
        ends = phases(a.places, a.phases)
        self.end = torch.tensor([max([e for e in ends if e < i], default=0) for i in range(a.places + 1)], device=a.device)
        self.begin = torch.tensor([*ends[1:], a.places], device=a.device)

    def first(self):
        self.teacher, self.taught = self.read_teacher()
        return super().first()

    def read_teacher(self):
        """The teacher's network, and what it predicts."""
        a = self.a
        config, scheduler = (export.read_json(os.path.join(a.teacher, name)) for name in ("config.json", "scheduler_config.json"))
        with export.refusing(a.teacher):
            if any(config[name] != self.config[name] for name in ("num_class_embeds", "sample_size", "in_channels")) \
                    or (scheduler["beta_schedule"], scheduler["num_train_timesteps"]) != (a.schedule, a.timesteps):
                raise SystemExit(f"distill: {a.teacher} has other classes, pictures or noise than {a.student or 'the data'}; "
                                 "give a teacher for the same.")
            network = unet.UNet2DModel(config)
            network.load_state_dict(export.read_safetensors(os.path.join(a.teacher, "diffusion_pytorch_model.safetensors")))
        return network, scheduler["prediction_type"]

    def at(self, place):
        """sqrt(alpha_bar) and sqrt(1 - alpha_bar) at places, as columns."""
        return diffusion.column(self.signal[place]), diffusion.column(self.noise[place])

    def out(self, network, x, place, y):
        with torch.autocast(torch.device(self.a.device).type, dtype=torch.bfloat16, enabled=self.bfloat16):
            return network(x.contiguous(memory_format=torch.channels_last), place * self.stride - 1, y).float()

    def guess(self, x, out, a, b, kind=None):
        """x0, by what a network says of x, with a = sqrt(alpha_bar) and b = sqrt(1 - alpha_bar). It predicts `kind`, or
        what the student does."""
        return {"v_prediction": lambda: a * x - b * out, "sample": lambda: out, "epsilon": lambda: (x - b * out) / a,
                "score": lambda: (x + b * b * out) / a}[kind or self.a.predict]()

    def jump(self, x, out, place, to, kind=None):
        """Where DDIM's step from a place to another ends, with x0 clipped and epsilon made from that."""
        (a, b), (signal, noise) = self.at(place), self.at(to)
        x0 = self.guess(x, out, a, b, kind).clamp(-1, 1)
        return signal * x0 + noise * (x - a * x0) / b

    def wanted(self, x, end, place, to):
        """The prediction with which DDIM's step from x ends at `end`: the inverse of jump."""
        (a, b), (signal, noise) = self.at(place), self.at(to)
        x0 = (b * end - noise * x) / (signal * b - noise * a)
        return diffusion.target(self.a.predict, x0, (x - a * x0) / b, torch.log((b / a).square()).reshape(-1))

    def lead(self, x, place, to, y):
        """Where the teacher's guided way from places ends, in steps of at most --skip places."""
        if self.taught in ("epsilon", "score"):
            # From noise alone no epsilon tells x0. So the way begins a place below, where noise is as good.
            place = place.clamp(max=self.a.places - 1)
        x, y = x.clone(), torch.stack([y, torch.full_like(y, self.none)])
        while len(on := torch.where(place > to)[0]):
            here, before, at = x[on], torch.maximum(place[on] - self.a.skip, to[on]), place[on]
            said = self.out(self.teacher, torch.cat([here, here]), torch.cat([at, at]), y[:, on].reshape(-1))
            with_class, without = said.chunk(2)
            x[on] = self.jump(here, without + self.a.guidance * (with_class - without), at, before, self.taught)
            place = place.index_copy(0, on, before)
        return x

    @torch.no_grad()
    def lesson(self, x0, y, place, noise):
        """What the student sees at a place, and what it should say there."""
        a, b = self.at(place)
        x, to = a * x0 + b * noise, self.end[place]
        led = to if self.a.direct else torch.maximum(place - self.a.skip, to)
        end = self.lead(x, place, led, y)
        if not self.a.direct:
            # At a phase's last places the teacher leads to its end; elsewhere the student goes on from there.
            further = led > to
            on = torch.where(further, led, torch.ones_like(led))
            end = torch.where(diffusion.column(further), self.jump(end, self.out(self.average, end, on, y), on, to), end)
        return x, self.wanted(x, end, place, to)

    def loss(self, network, x0, y, place, noise):
        x, wanted = self.lesson(x0, y, place, noise)
        return (self.out(network, x, place, y) - wanted).square().mean((1, 2, 3))

    def places(self, u):
        """Places that the student learns, for numbers from 0 to 1."""
        a = self.a
        if a.direct:
            return self.begin[(u * a.phases).long().clamp(max=a.phases - 1)]
        return 1 + (u * a.places).long().clamp(max=a.places - 1)

    def objective(self):
        x, _, y = self.items()
        place = self.places((torch.arange(len(x), device=x.device) + torch.rand((), device=x.device)) / len(x))
        return self.loss(self.forward, x, y, place, torch.randn_like(x)).mean(), lambda: None

    @torch.no_grad()
    def held_out_loss(self):
        with torch.random.fork_rng():
            torch.manual_seed(1)
            x, y = self.data.held_out(128)
            place = self.places(torch.arange(len(x), device=x.device) / len(x))
            return self.loss(self.average, x, y, place, torch.randn(x.shape).to(x.device)).mean().item()

    def next(self, x, out, place, to):
        """Where sampling goes on: as TCD without fresh noise."""
        return self.jump(x, out, place, to)

    @torch.no_grad()
    def sample(self, noise, y, steps):
        """What becomes of noise [B, C, H, W] in that number of steps."""
        x = noise
        places = [self.a.places, *reversed(phases(self.a.places, steps))]
        for i, to in zip(places, places[1:]):
            place = torch.full((len(x),), i, device=x.device)
            x = self.next(x, self.out(self.average, x, place, y), place, torch.full_like(place, to))
        return x

    def samples(self, x, y, guidance, also):
        return self.sample(x, y, self.a.phases)

    def diffusion(self):
        a = self.a
        way = (a.direct, a.skip)  # the usual one is left out, as states have it that were saved before there was another
        return [*super().diffusion(), a.phases, a.places, a.guidance, *(way if way != (False, 1) else ())]


if __name__ == "__main__":
    train.train(Distillation(arguments(sys.argv[1:])))
