"""Runs networks that went out as PyTorch's source with their weights: `run_torch.py FOLDER`, and prints how far each one's logits are from those asked for."""

import importlib.util
import json
import pathlib
import sys

import torch
from safetensors.torch import load_file

found = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(file.stem.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    network = module.Network()
    network.load_state_dict(load_file(file.with_suffix(".safetensors")), strict=True)
    asked = load_file(file.with_suffix(".asked"))
    network.eval()
    with torch.no_grad():
        logits = network(asked["images"].permute(0, 3, 1, 2).contiguous())
    error = ((logits - asked["logits"]).abs().max() / asked["logits"].abs().max()).item()
    # It can be trained: a gradient reaches every parameter, and none is NaN.
    network.train()
    loss = network(torch.cat([asked["images"]] * 2).permute(0, 3, 1, 2)).logsumexp(1).sum()
    loss.backward()
    untrained = [name for name, one in network.named_parameters() if one.grad is None or not one.grad.isfinite().all()]
    found[file.stem] = {"error": error, "untrained": untrained}
print(json.dumps(found))
