"""Writes the .fx files beside this, as the recorder's export_network does, with the logits that PyTorch gives for a batch. Needs torch, torchvision, safetensors."""

import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from networks import Pieces, Small, randomise
from safetensors.torch import save_file
from torchvision.models import DenseNet

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../recorder"))
from normlab_recorder import export_network  # noqa: E402


class PaddingBlock(nn.Module):
    """A pre-activation block whose ReLU works in place on what the skip takes too; where channels double, the skip is that without parameters (He et al. 2015)."""

    def __init__(self, entering, width):
        super().__init__()
        self.more = width - entering
        self.norm = nn.BatchNorm2d(width)
        self.conv = nn.Conv2d(entering, width, 3, stride=2 if self.more else 1, padding=1, bias=False)

    def forward(self, x):
        y = self.norm(self.conv(F.relu_(x)))
        return y + (F.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, self.more // 2, self.more - self.more // 2)) if self.more else x)


class Padded(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, padding="same")
        self.blocks = nn.Sequential(*[PaddingBlock(entering, width) for entering, width in ((4, 4), (4, 4), (4, 7), (7, 7))])
        self.head = nn.Linear(7, 4)

    def forward(self, x, mask=None):
        x = self.blocks(self.stem(x))
        return self.head(F.adaptive_avg_pool2d(x, (1, 1)).view(x.size(0), -1) * 0.5)


class Unknown(nn.Module):
    """An activation that the lab lacks, and a sum with a number for each channel."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 3)
        self.act = nn.Softplus()
        self.gate = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 4, 1), nn.Sigmoid())
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        x = self.act(self.conv(x))
        return self.head((x + self.gate(x)).mean((2, 3)))


def write(name, model, side=20):
    x = torch.randn(2, 3, side, side)
    export_network(randomise(model), os.path.join(here, f"{name}.fx"), (3, side, side))
    with torch.no_grad():
        save_file({"images": x.permute(0, 2, 3, 1).contiguous(), "logits": model(x)}, os.path.join(here, f"{name}.safetensors"))


if __name__ == "__main__":
    torch.manual_seed(5)
    write("traced-resnet", Small((3, 5), 3, 4))
    write("traced-pieces", Pieces())
    write("traced-dense", DenseNet(growth_rate=3, block_config=(3, 4), num_init_features=6, bn_size=2, num_classes=4), 32)
    write("traced-padded", Padded())
    export_network(Unknown(), os.path.join(here, "traced-unknown.fx"), (3, 20, 20))
