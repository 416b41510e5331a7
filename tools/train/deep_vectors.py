"""Record evaluations with another evaluation's deep features (Ma et al., DeepCache,
arXiv:2312.00858) for the tests of sampler/unet: what enters the last up block is replaced by what
entered it for the sample before.

    python3 deep_vectors.py ../../sampler/unet/testdata
"""
import json
import os
import sys

import torch

import unet
from classifier import load, save

NETWORKS = ["mnist28_c1", "nonsquare_fractional_t", "class_embed_timestep"]


def main():
    for name in NETWORKS:
        folder = os.path.join(sys.argv[1], name)
        with open(os.path.join(folder, "config.json")) as f:
            model = unet.UNet2DModel(json.load(f))
        model.load_state_dict({k: v.float() for k, v in load(os.path.join(folder, "model.safetensors")).items()})
        io = load(os.path.join(folder, "io.safetensors"))
        x, t, y = io["sample"], io["timesteps"], io.get("class_labels")
        before, entered = [], []

        def enters(_, given):
            entered.append(given[0])
            return (before.pop(), *given[1:]) if before else None

        model.up_blocks[-1].register_forward_pre_hook(enters)
        with torch.no_grad():
            own = model(x, t, y)
            apart = (own.double() - io["output_f64_fp16weights"]).abs().max().item()
            if apart > 1e-5:
                sys.exit(f"{name}: the network differs from diffusers' by {apart}")
            before.append(entered[0].roll(1, 0))  # of the sample before
            out = model(x, t, y)
        print(f"{name}: {apart:.1e} from diffusers, deep features change it by {(out - own).abs().max():.2g}")
        save(os.path.join(folder, "deep.safetensors"), {"output": out})


if __name__ == "__main__":
    main()
