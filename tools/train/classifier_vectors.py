"""Record small random classifiers for the tests of sampler/classifier: logits and input gradients
of autograd.

    python3 classifier_vectors.py ../../sampler/classifier/testdata

Each network is written as by tools/convert: half-precision weights, config in the metadata. The
recordings are computed in float64 and in float32 from the rounded weights.
"""
import json, os, sys

import torch

from classifier import CONFIG, NoisyClassifier, gradient, save

CASES = {
    "four_levels": {"block_out_channels": [8, 16, 16, 24], "time_embedding_dim": 32},
    "one_level": {"sample_size": 8, "block_out_channels": [8], "norm_num_groups": 4, "num_classes": 3, "time_embedding_dim": 8},
    "two_layers": {"sample_size": 16, "block_out_channels": [8, 24], "layers_per_block": 2, "norm_num_groups": 4, "num_classes": 12,
                   "time_embedding_dim": 20},
    "odd_channels": {"sample_size": 12, "in_channels": 3, "block_out_channels": [5, 10, 15], "norm_num_groups": 5, "num_classes": 2,
                     "time_embedding_dim": 6},
    "not_square": {"sample_size": [16, 28], "in_channels": 2, "block_out_channels": [16, 16, 32], "num_classes": 9, "norm_eps": 1e-3},
}


def main():
    torch.set_num_threads(1)
    for seed, (name, changes) in enumerate(CASES.items()):
        torch.manual_seed(seed)
        config = {**CONFIG, **changes}
        model = NoisyClassifier(config)
        for parameter in model.parameters():  # also those that PyTorch sets to ones and zeros
            with torch.no_grad():
                parameter.add_(0.2 * torch.randn(parameter.shape) / max(1, parameter[0].numel()) ** 0.5)
        state = {k: v.half() for k, v in model.state_dict().items()}
        model.load_state_dict({k: v.float() for k, v in state.items()})
        size = config["sample_size"] if isinstance(config["sample_size"], list) else [config["sample_size"]] * 2
        x = torch.randn(3, config["in_channels"], *size)
        t = torch.tensor([0.0, 371.5, 999.0])
        y = torch.tensor([0, config["num_classes"] - 1, 1])
        record = {"sample": x, "timesteps": t, "class_labels": y}
        record["output"], record["gradient"] = gradient(model, x, t, y)
        record["output_f64"], record["gradient_f64"] = gradient(model.double(), x.double(), t, y)
        folder = os.path.join(sys.argv[1], name)
        os.makedirs(folder, exist_ok=True)
        save(os.path.join(folder, "model.safetensors"), state, {"config": json.dumps(config)})
        save(os.path.join(folder, "io.safetensors"), record)


if __name__ == "__main__":
    main()
