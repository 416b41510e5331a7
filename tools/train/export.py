"""A run's folder for tools/convert: config.json, scheduler_config.json, the averaged weights as
safetensors, and a recording of the network's answers for convert -check."""
import contextlib
import json
import os
import struct

import numpy as np
import torch

import diffusion

KINDS = {torch.float32: ("F32", "<f4"), torch.float64: ("F64", "<f8"), torch.int64: ("I64", "<i8"), torch.uint8: ("U8", "|u1")}


def write_safetensors(path, tensors):
    header, blobs, end = {"__metadata__": {"format": "pt"}}, [], 0
    for name in sorted(tensors):
        t = tensors[name].detach().cpu().contiguous()
        dtype, order = KINDS[t.dtype]
        blob = t.numpy().astype(order).tobytes()
        header[name] = {"dtype": dtype, "shape": list(t.shape), "data_offsets": [end, end + len(blob)]}
        blobs.append(blob)
        end += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    os.replace(path + ".part", path)


@contextlib.contextmanager
def refusing(path):
    """Turns errors of reading a wrong file into a sentence."""
    try:
        yield
    except OSError as e:
        raise SystemExit(f"{path} cannot be read: {e.strerror}.")
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, MemoryError, struct.error):
        raise SystemExit(f"{path} is not whole, or not of the kind that is wanted: a run's folder as diffusers keeps it, or a file of tools/convert.")


def read_header(f):
    """The places of the tensors, and the metadata under __metadata__."""
    return json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))


def read_classes(path):
    """The names of the classes, of a file of tools/convert."""
    with refusing(path), open(path, "rb") as f:
        return json.loads(read_header(f)["__metadata__"]["classes"])


def read_safetensors(path):
    """The tensors by name."""
    orders = {"F32": "<f4", "F16": "<f2", "F64": "<f8", "I64": "<i8", "U8": "|u1"}
    with refusing(path), open(path, "rb") as f:
        header = read_header(f)
        body = f.read()
        header.pop("__metadata__", None)
        return {name: torch.from_numpy(np.frombuffer(body[slice(*h["data_offsets"])], orders[h["dtype"]]).reshape(h["shape"]).copy())
                for name, h in header.items()}


def read_json(path):
    with refusing(path), open(path) as f:
        return json.load(f)


def write_json(path, value):
    with open(path + ".part", "w") as f:
        json.dump(value, f, indent=2)
        f.write("\n")
    os.replace(path + ".part", path)


@torch.no_grad()
def record(network, table, kind, seed=0):
    """Four evaluations in float32 under the names that convert -check knows, and alpha_bar of every
    timestep, [T]. With classes also the first noise, classes and results of two pictures by ten
    steps of DDIM with guidance 2. kind: what the network predicts."""
    c = network.config
    g = torch.Generator().manual_seed(seed)
    x = torch.randn(4, c["in_channels"], c["sample_size"], c["sample_size"], generator=g)
    t = (torch.tensor([0.003, 0.25, 0.6, 0.98]) * len(table)).long()
    recorded = {"x": x, "t": t, "alphas_cumprod": torch.sigmoid(-table.cpu())}
    if c["class_embed_type"] == "timestep":
        recorded["y"] = t.flip(0)
    elif c["num_class_embeds"]:
        rows = c["num_class_embeds"]
        recorded["y"] = torch.tensor([0, 1, 2, rows - 1]) % rows
        noise, y = torch.randn(2, *x.shape[1:], generator=g), torch.tensor([3, 8]) % (rows - 1)
        recorded.update(ddim_noise=noise, ddim_y=y, ddim10_g2=diffusion.ddim(network, kind, table.cpu(), noise, y, rows - 1, 10, 2))
    return {**recorded, "eps": network(x, t, recorded.get("y"))}


def export(folder, network, scheduler, table, learned=None):
    """network: the averaged one, in float32 on the CPU; table: gamma by timestep; learned: a
    learned schedule, whose tensors are added."""
    tensors = {name: p.float() for name, p in network.state_dict().items()}
    if not all(torch.isfinite(p.half()).all() for p in tensors.values()):
        raise SystemExit("train: a weight is not finite in half precision, so the model cannot be shipped")
    write_json(os.path.join(folder, "config.json"), network.config)
    write_json(os.path.join(folder, "scheduler_config.json"), scheduler)
    write_safetensors(os.path.join(folder, "golden.safetensors"), record(network.eval(), table, scheduler["prediction_type"]))
    write_safetensors(os.path.join(folder, "diffusion_pytorch_model.safetensors"),
                      {**tensors, **(learned.tensors() if learned else {})})
