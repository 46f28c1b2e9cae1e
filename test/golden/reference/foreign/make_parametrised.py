"""Writes traced-parametrised.fx beside this, as the recorder's export_network does, with the logits that PyTorch gives for two images. Needs torch and safetensors."""

import os
import sys

import torch
import torch.nn as nn
from safetensors.torch import save_file
from torch.nn.utils import parametrizations

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../recorder"))
from normlab_recorder import export_network  # noqa: E402

torch.manual_seed(11)
model = nn.Sequential(
    parametrizations.weight_norm(nn.Conv2d(3, 8, 3)),
    nn.InstanceNorm2d(8, affine=True),
    nn.ReLU(),
    parametrizations.spectral_norm(nn.Conv2d(8, 8, 3, padding=1)),
    nn.InstanceNorm2d(8),
    nn.Tanh(),
    parametrizations.spectral_norm(nn.Conv2d(8, 6, 1)),
    nn.AdaptiveMaxPool2d(1),
    nn.Flatten(),
    parametrizations.orthogonal(nn.Linear(6, 4)),
)
for parameter in model[1].parameters():
    nn.init.normal_(parameter)
model.eval()
images = torch.randn(2, 3, 9, 9)
export_network(model, "traced-parametrised.fx", (3, 9, 9))
with torch.no_grad():
    save_file({"images": images.permute(0, 2, 3, 1).contiguous(), "logits": model(images)}, "traced-parametrised.safetensors")
