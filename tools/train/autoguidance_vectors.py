"""Record autoguidance of the shipped faces for the tests of sampler/, in PyTorch: the weaker version
leads the network, F_weak + w (F - F_weak) (Karras et al., arXiv:2406.02507), beside classifier-free
guidance where g is not 1; and a short run of DDIM by it.

    python3 autoguidance_vectors.py ../../weights ../../sampler/testdata/autoguidance.safetensors
"""
import json
import os
import sys

import torch

import diffusion
import export
import unet
from classifier import save

CASES = ((950, 0, 1.0, 2.0), (500, 7, 1.0, 1.3), (300, 3, 1.5, 1.25), (50, -1, 1.0, 3.0))  # t, class, g, w
NONE = 8
STEPS, SCALE, LABEL = 5, 2.0, 5


def network(path):
    """A shipped file's network, with its halves as float32."""
    with open(path, "rb") as f:
        config = json.loads(export.read_header(f)["__metadata__"]["config"])
    model = unet.UNet2DModel({"class_embed_type": None, **config}).eval()
    model.load_state_dict({k: v.float() for k, v in export.read_safetensors(path).items()})
    return model


def main():
    folder, out = sys.argv[1:]
    strong, weak = (network(os.path.join(folder, name + ".safetensors")) for name in ("faces", "faces-weak"))
    torch.manual_seed(3)
    table = diffusion.Fixed("squaredcos_cap_v2", 1000).table()
    x = torch.randn(len(CASES), 3, 16, 16)
    made = []
    with torch.no_grad():
        for i, (t, label, g, w) in enumerate(CASES):
            at, y, none = torch.tensor([t]), torch.tensor([label % 9]), torch.tensor([NONE])
            own, other = strong(x[i:i + 1], at, y), weak(x[i:i + 1], at, y)
            led = other + w * (own - other)
            if g != 1:
                led = led + (g - 1) * (own - strong(x[i:i + 1], at, none))
            made.append(led[0])

        def both(x, t, y):
            own, other = strong(x, t, y), weak(x, t, y)
            return other + SCALE * (own - other)

        first = torch.randn(1, 3, 16, 16)
        last = diffusion.ddim(both, "v_prediction", table, first, torch.tensor([LABEL]), NONE, STEPS, 1.0)
    t, label, g, w = (torch.tensor(column, dtype=kind) for column, kind in
                      zip(zip(*CASES), (torch.int64, torch.int64, torch.float32, torch.float32)))
    save(out, {"x": x, "timesteps": t, "class_labels": label, "guidance": g, "scale": w,
               "output": torch.stack(made), "first": first, "last": last})


if __name__ == "__main__":
    main()
