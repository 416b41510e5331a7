"""Makes a network for a comparison with onnxruntime-web: random weights at the shape of a config.

    python3 export_onnx.py --config config.json --out peers/L
    go run ./tools/bench -in chromium -peer peers/L -ort node_modules/onnxruntime-web/dist

The folder --out gets config.json, diffusion_pytorch_model.safetensors, and the same network as model.onnx.
"""
import argparse
import os
import sys

import torch

import export
import unet

OPSET = 17


def main(argv):
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--config", required=True, help="a diffusers config.json of a UNet2DModel")
    p.add_argument("--out", required=True, help="the folder")
    a = p.parse_args(argv)
    config = export.read_json(a.config)
    torch.manual_seed(0)
    with export.refusing(a.config):
        network = unet.UNet2DModel({"class_embed_type": None, "num_class_embeds": None, **config}).eval()
        inputs = {"sample": torch.zeros(1, config["in_channels"], config["sample_size"], config["sample_size"]),
                  "timestep": torch.full((1,), 10, dtype=torch.long)}
        if network.class_embedding is not None:
            inputs["y"] = torch.zeros(1, dtype=torch.long)
    os.makedirs(a.out, exist_ok=True)
    export.write_json(os.path.join(a.out, "config.json"), config)
    export.write_safetensors(os.path.join(a.out, "diffusion_pytorch_model.safetensors"), network.state_dict())
    torch.onnx.export(network, tuple(inputs.values()), os.path.join(a.out, "model.onnx"), opset_version=OPSET,
                      input_names=list(inputs), output_names=["out"])


if __name__ == "__main__":
    main(sys.argv[1:])
