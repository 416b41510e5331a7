"""Draws a distilled model nearer to the data: distribution matching distillation.

    python3 match.py --data faces.npz --teacher runs/faces --student runs/faces-phased --out runs/faces-few --pictures 190000

A student of distill.py is drawn as LCM samples it, from noise on. A second network, the follower,
learns to denoise what the student draws. Shown the same noised picture, follower and teacher
differ as the scores of what the student draws and of the data do, and the student's pictures are
moved along that difference (Yin et al., DMD, arXiv:2311.18828, equations 7 and 8). They come from
every step of the student's way, also of a way of fewer steps, and no pairs of noise and picture are
needed (DMD2, arXiv:2405.14867, section 4.5). Of the data only the classes are used.

The folder --out gets what train.py writes. The run can be interrupted, and goes on, in the same way.
"""
import sys

import torch

import diffusion
import distill
import train
import unet

WHOLE = 0.8  # share of batches that are drawn in all of the student's steps
LEAST = 0.1  # what a direction is divided by at least; below, the errors of both networks would be all of it


def arguments(argv):
    p = distill.parser(__doc__.split("\n\n")[0])
    p.add_argument("--alone", type=int, default=200, help="steps at the beginning in which the follower learns alone")
    p.add_argument("--follow-rate", type=float, default=1e-4,
                   help="learning rate of the follower, so low that it forgets nothing of what the teacher knows")
    p.add_argument("--seen", type=float, nargs=2, default=(0.02, 0.98), metavar="SHARE",
                   help="first and last timestep of which scores are compared, as shares of all")
    p.set_defaults(rate=3e-5, warmup=1, hold=0.3, ema=0.995, batch=64)
    a = distill.checked(p, argv)
    if not a.student or a.direct or a.skip != 1:
        p.error("give --student, the folder of the run of distill.py to begin with; --direct and --skip are for distill.py alone")
    if not 0 <= a.seen[0] < a.seen[1] <= 1:
        p.error(f"--seen is {a.seen[0]} {a.seen[1]}: two shares from 0 to 1, the lower one first")
    return a


class Matching(distill.Distillation):
    def first(self):
        network = super().first()
        self.follower = unet.same(unet.UNet2DModel, self.teacher).to(self.a.device, memory_format=torch.channels_last)
        self.follower_optimizer = torch.optim.AdamW(
            self.follower.parameters(), lr=self.a.follow_rate, betas=(0.9, 0.99), weight_decay=self.a.decay)
        return network

    def said(self, network, x, t, y, exact=False):
        """What a network says. Exact: in float32, for answers whose difference counts."""
        with torch.autocast(torch.device(self.a.device).type, dtype=torch.bfloat16, enabled=self.bfloat16 and not exact):
            return network(x.contiguous(memory_format=torch.channels_last), t, y).float()

    def drawn(self, network, y, noise, steps, last):
        """The student's guess of the picture at step `last` of a way of `steps`; the way to it has no gradients."""
        places = [self.a.places, *reversed(distill.phases(self.a.places, steps))]
        x = noise
        with torch.no_grad():
            for i, to in zip(places[:last], places[1:]):
                place = torch.full_like(y, i)
                x = self.next(x, self.out(network, x, place, y), place, torch.full_like(place, to))
        place = torch.full_like(y, places[last])
        return self.guess(x, self.out(network, x, place, y), *self.at(place))

    def next(self, x, out, place, to):
        """With fresh noise on the guess, as LCM goes on."""
        signal, noise = self.at(to)
        return signal * self.guess(x, out, *self.at(place)).clamp(-1, 1) + noise * torch.randn_like(x)

    def noised(self, x0):
        """Pictures with the noise of some timestep each: what is seen, the timesteps, gamma, and the noise."""
        t = self.schedule.draw(len(x0))[0][torch.randperm(len(x0))].clamp(*(int(end * self.a.timesteps) for end in self.a.seen))
        gamma, noise = self.schedule.table()[t], torch.randn_like(x0)
        return diffusion.mix(x0, noise, gamma), t, gamma, noise

    def follow(self, x0, y):
        """Trains the follower on pictures."""
        x, t, gamma, noise = self.noised(x0)
        loss = (self.said(self.follower, x, t, y) - diffusion.target(self.taught, x0, noise, gamma)).square().mean()
        self.follower_optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.follower.parameters(), self.a.clip)
        self.follower_optimizer.step()

    @torch.no_grad()
    def direction(self, x0, y):
        """Where pictures are to go, in units of their distance from the teacher's guess."""
        x, t, gamma, _ = self.noised(x0)
        levels = [diffusion.column(torch.sigmoid(s * gamma).sqrt()) for s in (-1, 1)]
        wanted = self.said(self.teacher, x, t, y, exact=True)
        if self.a.guidance != 1:
            without = self.said(self.teacher, x, t, torch.full_like(y, self.none), exact=True)
            wanted = without + self.a.guidance * (wanted - without)
        wanted, has = (self.guess(x, out, *levels, self.taught) for out in (wanted, self.said(self.follower, x, t, y, exact=True)))
        return (wanted - has) / (x0 - wanted).abs().mean((1, 2, 3), keepdim=True).clamp(min=LEAST)

    def objective(self):
        a = self.a
        y = torch.randint(self.none, (self.batch,), device=a.device)
        noise = torch.randn(len(y), self.data.channels, self.data.size, self.data.size, device=a.device)
        steps = a.phases if torch.rand(()) < WHOLE else 1 + int(torch.randint(a.phases, ()))
        x0 = self.drawn(self.forward, y, noise, steps, int(torch.randint(steps, ())))
        seen = x0.detach()
        self.follow(seen, y)
        if self.steps < a.alone:
            return 0 * x0.sum(), lambda: None
        return 0.5 * (x0 - seen - self.direction(seen, y)).square().mean(), lambda: None

    @torch.no_grad()
    def held_out_loss(self):
        """Mean square of the direction for pictures of the moving average, with the same noise every time."""
        with torch.random.fork_rng():
            torch.manual_seed(1)
            y = torch.arange(128, device=self.a.device) % self.none
            noise = torch.randn(len(y), self.data.channels, self.data.size, self.data.size).to(y.device)
            return self.direction(self.drawn(self.average, y, noise, self.a.phases, self.a.phases - 1), y).square().mean().item()

    def state(self):
        return {**super().state(), "follower": self.follower.state_dict(), "follower_optimizer": self.follower_optimizer.state_dict()}

    def restore(self, s):
        super().restore(s)
        self.follower.load_state_dict(s["follower"])
        self.follower_optimizer.load_state_dict(s["follower_optimizer"])

    def diffusion(self):
        return [*super().diffusion(), "matching"]


if __name__ == "__main__":
    train.train(Matching(arguments(sys.argv[1:])))
