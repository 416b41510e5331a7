"""Noise schedules, fixed and learned; the predictions of a network and the weights of their errors;
DDIM.

A noise level is given by gamma = -log SNR, so that alpha_bar = sigmoid(-gamma), 1 - alpha_bar =
sigmoid(gamma), and x_t = sqrt(alpha_bar) x0 + sqrt(1 - alpha_bar) epsilon.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

KINDS = {"sample", "epsilon", "v_prediction", "score"}  # diffusers' names, and the score
WEIGHTS = {"simple", "min-snr", "bound"}


def scheduler_config(name, kind, timesteps):
    """diffusers' scheduler_config.json."""
    return {
        "_class_name": "DDPMScheduler", "_diffusers_version": "0.31.0", "num_train_timesteps": timesteps,
        "beta_start": 0.0001, "beta_end": 0.02, "beta_schedule": name, "trained_betas": None, "prediction_type": kind,
        "timestep_spacing": "leading", "steps_offset": 0, "variance_type": "fixed_small", "clip_sample": True,
        "clip_sample_range": 1.0, "thresholding": False, "dynamic_thresholding_ratio": 0.995, "sample_max_value": 1.0,
        "rescale_betas_zero_snr": False,
    }


def alpha_bars(name, timesteps):
    """alpha_bar of a fixed schedule, [T] in float64."""
    if name == "linear":
        betas = torch.linspace(1e-4, 0.02, timesteps, dtype=torch.float64)
    elif name == "squaredcos_cap_v2":
        bar = lambda u: math.cos((u + 0.008) / 1.008 * math.pi / 2) ** 2
        betas = torch.tensor([min(1 - bar((i + 1) / timesteps) / bar(i / timesteps), 0.999) for i in range(timesteps)],
                             dtype=torch.float64)
    else:
        raise SystemExit(f"train: there is no schedule {name}; there are squaredcos_cap_v2, linear and learned")
    return torch.cumprod(1 - betas, 0)


class Fixed(nn.Module):
    """A schedule of T levels, which are drawn uniformly."""

    def __init__(self, name, timesteps):
        super().__init__()
        bars = alpha_bars(name, timesteps)
        snr = bars / (1 - bars)
        drop = torch.cat([snr[:1], snr[:-1] - snr[1:]])  # the first one stands for the reconstruction
        self.register_buffer("gamma", -torch.log(snr).float(), persistent=False)
        # d gamma/du of the continuous bound, here by differences: T (SNR(t-1) - SNR(t)) / SNR(t).
        self.register_buffer("slope", (timesteps * drop / snr).float(), persistent=False)
        self.timesteps = timesteps

    def draw(self, n):
        """Timesteps for n pictures, one from each nth part of the schedule, with gamma and its
        slope. Shapes [n]."""
        u = (torch.arange(n, device=self.gamma.device) + torch.rand((), device=self.gamma.device)) / n
        t = (u * self.timesteps).long().clamp(max=self.timesteps - 1)
        return t, self.gamma[t], self.slope[t]

    def table(self):
        """gamma of every timestep, [T]."""
        return self.gamma


class Learned(nn.Module):
    """A monotone gamma(u), u = t/(T-1) (Kingma et al., Variational Diffusion Models,
    arXiv:2107.00630, appendix H):

        raw(u) = l1(u) + l3(sigmoid(l2(l1(u))))   gamma(u) = g0 + (g1 - g0) (raw(u) - raw(0)) / (raw(1) - raw(0))

    with weights that softplus keeps positive. The ends are given; between them gamma is learned so
    that the estimate of the bound has the least variance (least_variance). The file holds the
    weights as they act, under schedule.*, where the sampler looks for them.
    """

    def __init__(self, low, high, timesteps, features=64):
        super().__init__()
        self.timesteps = timesteps
        self.register_buffer("ends", torch.tensor([low, high]))
        inverse = lambda v: math.log(math.expm1(v))
        self.w1, self.b1 = nn.Parameter(torch.tensor(inverse(high - low))), nn.Parameter(torch.tensor(float(low)))
        # Features begin as small steps over the whole range, so that gamma is nearly straight.
        self.w2 = nn.Parameter(torch.full((features,), inverse(1.0)))
        self.b2 = nn.Parameter(-torch.linspace(low, high, features))
        self.w3 = nn.Parameter(torch.full((features,), inverse(0.1)))

    def acting(self):
        """The weights as they act: w1, b1, w2 [n], b2 [n], w3 [n]."""
        return F.softplus(self.w1), self.b1, F.softplus(self.w2), self.b2, F.softplus(self.w3)

    def raw(self, u):
        w1, b1, w2, b2, w3 = self.acting()
        h = w1 * u + b1
        on = torch.sigmoid(w2 * h[:, None] + b2)
        return h + on @ w3, w1 * (1 + (on * (1 - on)) @ (w2 * w3))

    def forward(self, u):
        """gamma and its slope at u, both [n]."""
        value, slope = self.raw(u)
        ends, _ = self.raw(torch.tensor([0.0, 1.0], device=u.device))
        span = (self.ends[1] - self.ends[0]) / (ends[1] - ends[0])
        return self.ends[0] + span * (value - ends[0]), span * slope

    def draw(self, n):
        """As Fixed.draw; the timesteps need not be whole."""
        u = (torch.arange(n, device=self.ends.device) + torch.rand(n, device=self.ends.device)) / n
        gamma, slope = self(u)
        return u * (self.timesteps - 1), gamma, slope

    def table(self):
        with torch.no_grad():
            return self(torch.linspace(0, 1, self.timesteps, device=self.ends.device))[0]

    def tensors(self):
        """The tensors that the sampler reads (schedule.TakeLearnedSNR)."""
        w1, b1, w2, b2, w3 = (p.detach().float().cpu() for p in self.acting())
        return {
            "schedule.l1.weight": w1.reshape(1, 1), "schedule.l1.bias": b1.reshape(1),
            "schedule.l2.weight": w2.reshape(-1, 1), "schedule.l2.bias": b2.reshape(-1),
            "schedule.l3.weight": w3.reshape(1, -1), "schedule.gamma": self.ends.detach().float().cpu(),
        }


def table_of(tensors, timesteps):
    """gamma of every timestep, [T], from the tensors of a learned schedule in a file."""
    t = {k[len("schedule."):]: v.double() for k, v in tensors.items() if k.startswith("schedule.")}
    h = t["l1.weight"] * torch.linspace(0, 1, timesteps, dtype=torch.float64) + t["l1.bias"]  # [1, T]
    raw = (h + t["l3.weight"] @ torch.sigmoid(t["l2.weight"] * h + t["l2.bias"][:, None]))[0]
    low, high = t["gamma"]
    return low + (high - low) * (raw - raw[0]) / (raw[-1] - raw[0])


def column(v):
    return v.reshape(-1, 1, 1, 1)


def mix(x0, epsilon, gamma):
    """x_t."""
    return column(torch.sigmoid(-gamma).sqrt()) * x0 + column(torch.sigmoid(gamma).sqrt()) * epsilon


def target(kind, x0, epsilon, gamma):
    """The target of a network of the given kind."""
    alpha, sigma = column(torch.sigmoid(-gamma).sqrt()), column(torch.sigmoid(gamma).sqrt())
    return {"sample": lambda: x0, "epsilon": lambda: epsilon, "v_prediction": lambda: alpha * epsilon - sigma * x0,
            "score": lambda: -epsilon / sigma}[kind]()


def as_epsilon(kind, gamma):
    """The factor from the mean square error of a kind to that of epsilon."""
    return {"sample": torch.exp(-gamma), "epsilon": torch.ones_like(gamma), "v_prediction": torch.sigmoid(-gamma),
            "score": torch.sigmoid(gamma)}[kind]


def weigh(how, kind, gamma, slope, bound=5.0):
    """The weight of a picture's mean square error in epsilon, [n].

    simple: gives the error of the prediction (DDPM); for the score that of epsilon, because small
    noise would dominate its error. min-snr: min(SNR, bound) on x0 (Hang et al., arXiv:2303.09556).
    bound: half of -dSNR/du on x0, so that the mean is the denoising term of the bound in nats a
    dimension.
    """
    if how == "simple":
        return torch.ones_like(gamma) if kind == "score" else 1 / as_epsilon(kind, gamma)
    if how == "min-snr":
        return torch.exp(gamma).mul(bound).clamp(max=1)
    return 0.5 * slope


def least_variance(gamma, slope, leaf, weight, error):
    """Sets the gradients of a learned schedule's parameters to that of the mean of L^2, where L =
    slope error/2 is a picture's estimate of the bound (appendix I.2 there): its mean does not
    depend on the schedule, so this lowers its variance.

    error: mean square error in epsilon; leaf: gamma as the network saw it, with the gradient that
    the mean of weight error left there. All are [n].
    """
    error_slope = leaf.grad * len(gamma) / weight
    estimate = 0.5 * slope.detach() * error
    scale = estimate.square().mean().clamp(min=1e-12)  # the step must not depend on its size
    by_gamma = estimate * 0.5 * slope.detach() * error_slope
    by_slope = estimate * 0.5 * error
    ((by_gamma * gamma + by_slope * slope).mean() / scale).backward()


@torch.no_grad()
def ddim(network, kind, table, x, y, none, steps=50, guidance=1.5, rederive=True, also=None, eta=0.0, fresh=None):
    """DDIM (Song et al., arXiv:2010.02502, equation 12), with diffusers' leading spacing, final
    alpha_bar 1 and x0 clipped to [-1, 1].

    x: first noise, [B, C, H, W]; y: classes or None; none: the class that means none; table: gamma
    by timestep, [T]; also: further channels that the network sees after x; fresh: draws the noise
    that a step adds, shaped like x, if eta > 0. epsilon = e(none) + guidance (e(y) - e(none)).
    """
    timesteps = len(table)
    stride = timesteps // steps
    alpha_bar = torch.sigmoid(-table.double())
    noise_bar = torch.sigmoid(table.double())

    def epsilon(t):
        a, b = float(alpha_bar[t]) ** 0.5, float(noise_bar[t]) ** 0.5
        see = x if also is None else torch.cat([x, also], 1)
        at = torch.full((len(x),), t, device=x.device)
        if y is None or guidance == 1:
            out = network(see, at, y).float()
        else:
            both = network(torch.cat([see, see]), torch.cat([at, at]), torch.cat([y, torch.full_like(y, none)])).float()
            with_class, without = both.chunk(2)
            out = without + guidance * (with_class - without)
        return {"epsilon": lambda: out, "sample": lambda: (x - a * out) / b, "v_prediction": lambda: a * out + b * x,
                "score": lambda: -b * out}[kind]()

    for t in range((steps - 1) * stride, -1, -stride):
        a, b = float(alpha_bar[t]) ** 0.5, float(noise_bar[t]) ** 0.5
        e = epsilon(t)
        x0 = ((x - b * e) / a).clamp(-1, 1)
        if rederive:
            e = (x - a * x0) / b
        before = t - stride
        signal, noise = (float(alpha_bar[before]), float(noise_bar[before])) if before >= 0 else (1.0, 0.0)
        variance = eta ** 2 * noise / float(noise_bar[t]) * (1 - float(alpha_bar[t]) / signal)
        x = signal ** 0.5 * x0 + max(noise - variance, 0) ** 0.5 * e  # rounds below 0
        if eta > 0:
            x = x + variance ** 0.5 * fresh()
    return x
