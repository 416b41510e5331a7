"""Record a small random cascade for the tests of sampler/model: two networks as tools/convert
writes them, and single evaluations of the second stage in float32.

    python3 cascade_vectors.py ../../sampler/model/testdata
"""
import json
import os
import sys

import torch

import unet
from classifier import save

SCHEDULER = {"_class_name": "DDPMScheduler", "beta_schedule": "squaredcos_cap_v2", "prediction_type": "epsilon"}


def network(config, seed):
    torch.manual_seed(seed)
    model = unet.UNet2DModel(config)
    with torch.no_grad():
        for p in model.parameters():  # also those that PyTorch sets to ones and zeros
            p.add_(0.2 * torch.randn(p.shape) / max(1, p[0].numel()) ** 0.5)
    state = {k: v.half() for k, v in model.state_dict().items()}
    model.load_state_dict({k: v.float() for k, v in state.items()})
    return model.eval(), state


def main():
    folder = sys.argv[1]
    os.makedirs(folder, exist_ok=True)
    shared = {"scheduler": json.dumps(SCHEDULER), "classes": '["cat","dog"]'}
    config = unet.config(8, 1, 1, [8, 16], attention=(1,), groups=4, head=8, classes=2)
    _, state = network(config, 1)
    save(os.path.join(folder, "small.safetensors"), state, {"config": json.dumps(config), **shared})

    config = unet.config(16, 2, 1, [8, 16], groups=4, head=8, level=True)
    model, state = network(config, 2)
    save(os.path.join(folder, "large.safetensors"), state, {
        "config": json.dumps(config), "cascade": '{"base":"small","augmentation":60,"augmentation_limit":299}',
        "sampling": '{"steps":6,"guidance":2,"use_clipped_model_output":true}', **shared})
    x, low = torch.randn(3, 1, 16, 16), torch.randn(3, 1, 8, 8)
    low = torch.nn.functional.interpolate(low, scale_factor=2.0, mode="nearest")
    t, level = torch.tensor([0, 412, 999]), torch.tensor([0, 60, 299])
    with torch.no_grad():
        out = model(torch.cat([x, low], 1), t, level)
    save(os.path.join(folder, "io.safetensors"), {"sample": x, "low": low, "timesteps": t, "levels": level, "output": out})


if __name__ == "__main__":
    main()
