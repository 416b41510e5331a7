"""The network: diffusers' UNet2DModel in plain PyTorch, with its names, its arithmetic and its
config.json.

It has the options that the shipped models use: DownBlock2D, AttnDownBlock2D, AttnUpBlock2D,
UpBlock2D, convolutions for both ways of resampling with either padding, SiLU, a positional time embedding, a table for
the classes, resnet_time_scale_shift "default" or "scale_shift". Pictures are [B, C, H, W].
"""
import math

import torch
import torch.nn.functional as F
from torch import nn


def config(size, inputs, outputs, channels, layers=1, attention=(), groups=8, head=32, classes=0, dropout=0.0,
           level=False):
    """A config.json. channels: width at each level, finest first; attention: the levels that have
    it (the middle always does); classes: their number, without the row for none that is added after
    them; level: y is a timestep (of the noise on a low-resolution picture), not a class."""
    levels = range(len(channels))
    return {
        "_class_name": "UNet2DModel", "_diffusers_version": "0.31.0", "sample_size": size, "in_channels": inputs,
        "out_channels": outputs, "center_input_sample": False, "time_embedding_type": "positional", "freq_shift": 0,
        "flip_sin_to_cos": True,
        "down_block_types": ["AttnDownBlock2D" if i in attention else "DownBlock2D" for i in levels],
        "up_block_types": ["AttnUpBlock2D" if i in attention else "UpBlock2D" for i in reversed(levels)],
        "block_out_channels": list(channels), "layers_per_block": layers, "mid_block_scale_factor": 1,
        "downsample_padding": 1, "downsample_type": "conv", "upsample_type": "conv", "dropout": dropout,
        "act_fn": "silu", "attention_head_dim": head, "norm_num_groups": groups, "attn_norm_num_groups": groups,
        "norm_eps": 1e-5, "resnet_time_scale_shift": "default", "class_embed_type": "timestep" if level else None,
        "num_class_embeds": classes + 1 if classes else None, "num_train_timesteps": None, "add_attention": True,
    }


class GroupNorm(nn.GroupNorm):
    """Always in float32, as autocast does on CUDA; on a CPU PyTorch 1.13 refuses mixed types."""

    def forward(self, x):
        return super().forward(x.float()).to(x.dtype)


class TimestepEmbedding(nn.Module):
    def __init__(self, inputs, width):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(inputs, width), nn.Linear(width, width)

    def forward(self, x):
        return self.linear_2(F.silu(self.linear_1(x)))


def sinusoids(t, width, flip, shift):
    """diffusers' get_timestep_embedding: t times 10000^(-i/(width/2 - shift)), sines then cosines,
    or the reverse."""
    half = width // 2
    frequencies = torch.exp(-math.log(10000) * torch.arange(half, dtype=torch.float32, device=t.device) / (half - shift))
    angles = t.float()[:, None] * frequencies
    parts = [angles.sin(), angles.cos()]
    return torch.cat(parts[::-1] if flip else parts, -1)


class ResnetBlock2D(nn.Module):
    def __init__(self, inputs, outputs, embedding, c):
        super().__init__()
        groups, eps = c["norm_num_groups"], c["norm_eps"]
        self.scale_shift = c["resnet_time_scale_shift"] == "scale_shift"
        self.norm1 = GroupNorm(groups, inputs, eps)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(embedding, outputs * (2 if self.scale_shift else 1))
        self.norm2 = GroupNorm(groups, outputs, eps)
        self.dropout = nn.Dropout(c.get("dropout", 0.0))
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.conv_shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x, emb):
        h = self.conv1(F.silu(self.norm1(x)))
        t = self.time_emb_proj(emb)[:, :, None, None]
        if self.scale_shift:
            scale, shift = t.chunk(2, 1)
            h = self.norm2(h) * (1 + scale) + shift
        else:
            h = self.norm2(h + t)
        h = self.conv2(self.dropout(F.silu(h)))
        return h + (x if self.conv_shortcut is None else self.conv_shortcut(x))


class Attention(nn.Module):
    def __init__(self, channels, c):
        super().__init__()
        self.heads = channels // (c["attention_head_dim"] or channels)
        self.group_norm = GroupNorm(c["attn_norm_num_groups"] or c["norm_num_groups"], channels, c["norm_eps"])
        self.to_q, self.to_k, self.to_v = (nn.Linear(channels, channels) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(channels, channels), nn.Dropout(0.0)])

    def forward(self, x):
        b, c, h, w = x.shape
        n = self.group_norm(x).permute(0, 2, 3, 1).reshape(b, h * w, c)
        q, k, v = (f(n).reshape(b, h * w, self.heads, -1).transpose(1, 2) for f in (self.to_q, self.to_k, self.to_v))
        weights = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).float().softmax(-1).to(v.dtype)
        out = self.to_out[0]((weights @ v).transpose(1, 2).reshape(b, h * w, c))
        return x + out.reshape(b, h, w, c).permute(0, 3, 1, 2)


class Downsample2D(nn.Module):
    def __init__(self, channels, c):
        super().__init__()
        self.padding = c["downsample_padding"]
        self.conv = nn.Conv2d(channels, channels, 3, stride=2, padding=self.padding)

    def forward(self, x):
        return self.conv(x if self.padding else F.pad(x, (0, 1, 0, 1)))


class Upsample2D(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, x):
        return self.conv(F.interpolate(x.float(), scale_factor=2.0, mode="nearest").to(x.dtype))


class DownBlock2D(nn.Module):
    def __init__(self, inputs, outputs, embedding, attention, last, c):
        super().__init__()
        n = c["layers_per_block"]
        self.resnets = nn.ModuleList(ResnetBlock2D(outputs if i else inputs, outputs, embedding, c) for i in range(n))
        self.attentions = nn.ModuleList(Attention(outputs, c) for _ in range(n)) if attention else None
        self.downsamplers = None if last else nn.ModuleList([Downsample2D(outputs, c)])

    def forward(self, x, emb, skips):
        for i, resnet in enumerate(self.resnets):
            x = resnet(x, emb)
            if self.attentions is not None:
                x = self.attentions[i](x)
            skips.append(x)
        if self.downsamplers is not None:
            x = self.downsamplers[0](x)
            skips.append(x)
        return x


class UpBlock2D(nn.Module):
    def __init__(self, inputs, before, outputs, embedding, attention, last, c):
        """inputs: width of the way down's block that this one's last skip comes from; before: of
        the block below."""
        super().__init__()
        n = c["layers_per_block"] + 1
        self.resnets = nn.ModuleList(
            ResnetBlock2D((outputs if i else before) + (inputs if i == n - 1 else outputs), outputs, embedding, c)
            for i in range(n))
        self.attentions = nn.ModuleList(Attention(outputs, c) for _ in range(n)) if attention else None
        self.upsamplers = None if last else nn.ModuleList([Upsample2D(outputs)])

    def forward(self, x, emb, skips):
        for i, resnet in enumerate(self.resnets):
            x = resnet(torch.cat([x, skips.pop()], 1), emb)
            if self.attentions is not None:
                x = self.attentions[i](x)
        return x if self.upsamplers is None else self.upsamplers[0](x)


class UNetMidBlock2D(nn.Module):
    def __init__(self, channels, embedding, c):
        super().__init__()
        self.attentions = nn.ModuleList([Attention(channels, c)] if c.get("add_attention", True) else [])
        self.resnets = nn.ModuleList(ResnetBlock2D(channels, channels, embedding, c) for _ in range(2))

    def forward(self, x, emb):
        x = self.resnets[0](x, emb)
        for attention in self.attentions:
            x = attention(x)
        return self.resnets[1](x, emb)


class UNet2DModel(nn.Module):
    """x: [B, in_channels, H, W], t: [B] timesteps (need not be whole), y: [B] classes, the last row
    for none, or timesteps with that class_embed_type."""

    def __init__(self, c):
        super().__init__()
        self.config = c
        channels = c["block_out_channels"]
        embedding, top = 4 * channels[0], len(channels) - 1
        self.conv_in = nn.Conv2d(c["in_channels"], channels[0], 3, padding=1)
        self.time_embedding = TimestepEmbedding(channels[0], embedding)
        self.class_embedding = None
        if c["class_embed_type"] == "timestep":
            self.class_embedding = TimestepEmbedding(channels[0], embedding)
        elif c["num_class_embeds"]:
            self.class_embedding = nn.Embedding(c["num_class_embeds"], embedding)
        self.down_blocks, self.up_blocks = nn.ModuleList(), nn.ModuleList()
        for i, kind in enumerate(c["down_block_types"]):
            self.down_blocks.append(DownBlock2D(
                channels[max(i - 1, 0)], channels[i], embedding, kind.startswith("Attn"), i == top, c))
        self.mid_block = UNetMidBlock2D(channels[-1], embedding, c)
        for i, kind in enumerate(c["up_block_types"]):
            level = top - i
            self.up_blocks.append(UpBlock2D(
                channels[max(level - 1, 0)], channels[min(level + 1, top)], channels[level], embedding,
                kind.startswith("Attn"), level == 0, c))
        self.conv_norm_out = GroupNorm(c["norm_num_groups"], channels[0], c["norm_eps"])
        self.conv_out = nn.Conv2d(channels[0], c["out_channels"], 3, padding=1)

    def forward(self, x, t, y=None):
        c = self.config
        wave = lambda v: sinusoids(v, c["block_out_channels"][0], c["flip_sin_to_cos"], c["freq_shift"])
        emb = self.time_embedding(wave(t))
        if self.class_embedding is not None:
            emb = emb + self.class_embedding(wave(y) if c["class_embed_type"] == "timestep" else y)
        emb = F.silu(emb)
        x = self.conv_in(x)
        skips = [x]
        for block in self.down_blocks:
            x = block(x, emb, skips)
        x = self.mid_block(x, emb)
        for block in self.up_blocks:
            x = block(x, emb, skips)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


def start(network):
    """Zeroes the last layer of every residual branch and of the network (DDPM, appendix B), so that
    training begins with the identity and with outputs of zero."""
    for name, p in network.named_parameters():
        if ".conv2." in name or ".to_out.0." in name or name.startswith("conv_out."):
            nn.init.zeros_(p)
    return network


def same(kind, network):
    """A second network of the same config with the same weights."""
    copy = kind(network.config)
    copy.load_state_dict(network.state_dict())
    return copy
