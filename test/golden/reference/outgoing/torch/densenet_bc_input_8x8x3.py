"""densenet-bc:input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('densenet_bc_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, 48, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(48)
        self.conv2 = nn.Conv2d(48, 12, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        return torch.cat([x, y], 1)


class Network(nn.Module):
    """densenet-bc:input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 24, 3, padding=1, bias=False)
        self.stage1 = nn.Sequential(*[Block(24 + 12 * i) for i in range(6)])
        self.transition1 = nn.Sequential(
            nn.BatchNorm2d(96),
            nn.ReLU(),
            nn.Conv2d(96, 48, 1, bias=False),
            nn.AvgPool2d(2, 2),
        )
        self.stage2 = nn.Sequential(*[Block(48 + 12 * i) for i in range(6)])
        self.transition2 = nn.Sequential(
            nn.BatchNorm2d(120),
            nn.ReLU(),
            nn.Conv2d(120, 60, 1, bias=False),
            nn.AvgPool2d(2, 2),
        )
        self.stage3 = nn.Sequential(*[Block(60 + 12 * i) for i in range(6)])
        self.end = nn.Sequential(nn.BatchNorm2d(132), nn.ReLU())
        self.head = nn.Linear(132, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.transition1(x)
        x = self.stage2(x)
        x = self.transition2(x)
        x = self.stage3(x)
        x = self.end(x)
        return self.head(x.mean((2, 3)))
