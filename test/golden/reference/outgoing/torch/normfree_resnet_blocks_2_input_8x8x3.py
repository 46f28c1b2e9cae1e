"""normfree-resnet:blocks=2,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('normfree_resnet_blocks_2_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Scale(nn.Module):
    """All values times one learned number."""

    def __init__(self, value):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x * self.weight


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(16, 16, 3, padding=1)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1)
        self.scale = Scale(0)
        self.shortcut = nn.Conv2d(16, 16, 1)

    def forward(self, x):
        y = F.relu(self.conv1(F.relu(x)))
        return self.shortcut(x) + self.scale(self.conv2(y))


class Stage1Block2(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)
        self.scale = Scale(0)

    def forward(self, x):
        y = F.relu(self.conv1(F.relu(x)))
        return x + self.scale(self.conv2(y))


class Stage2Block1(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 3, stride=2)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1)
        self.scale = Scale(0)
        self.shortcut = nn.Conv2d(channels, filters, 1, stride=2)

    def forward(self, x):
        y = F.relu(self.conv1(F.pad(F.relu(x), (0, 1, 0, 1))))
        return self.shortcut(x) + self.scale(self.conv2(y))


class Network(nn.Module):
    """normfree-resnet:blocks=2,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 16, 3, padding=1)
        self.stage1 = nn.Sequential(Block(), *[Stage1Block2(16) for _ in range(1)])
        self.stage2 = nn.Sequential(Stage2Block1(16, 32), *[Stage1Block2(32) for _ in range(1)])
        self.stage3 = nn.Sequential(Stage2Block1(32, 64), *[Stage1Block2(64) for _ in range(1)])
        self.end = nn.ReLU()
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        x = self.stage3(x)
        x = self.end(x)
        return self.head(x.mean((2, 3)))
