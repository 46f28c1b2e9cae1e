"""Exports networks of torchvision and timm into a folder, whole, with the logits that PyTorch gives for two images; prints one a line as it is done."""

import os
import sys

import timm
import torch
import torchvision
from networks import randomise
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../recorder"))
from normlab_recorder import export_network  # noqa: E402

folder, names = sys.argv[1], sys.argv[2:]
for name in names:
    library, word = name.split(".")
    torch.manual_seed(3)
    side = 224 if word.startswith("vgg") else 64
    model = randomise(timm.create_model(word, num_classes=10) if library == "timm" else getattr(torchvision.models, word)(num_classes=10))
    x = torch.randn(2, 3, side, side)
    export_network(model, os.path.join(folder, f"{name}.fx"), (3, side, side))
    with torch.no_grad():
        save_file({"images": x.permute(0, 2, 3, 1).contiguous(), "logits": model(x)}, os.path.join(folder, f"{name}.safetensors"))
    print(name, flush=True)
