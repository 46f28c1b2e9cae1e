"""se-resnet:blocks=2,widths=4/8,ratio=2,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('se_resnet_blocks_2_widths_4_8_ratio_2_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Gate(nn.Module):
    def __init__(self, features, units):
        super().__init__()
        self.squeeze = nn.Linear(features, units)
        self.excite = nn.Linear(units, features)

    def forward(self, x):
        y = F.relu(self.squeeze(x.mean((2, 3))))
        return x * torch.sigmoid(self.excite(y))[:, :, None, None]


class Block(nn.Module):
    def __init__(self, channels, units):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)
        self.gate = Gate(channels, units)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        y = self.gate(y)
        return F.relu(x + y)


class Stage2Block1(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 8, 3, stride=2, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.gate = Gate(8, 4)
        self.shortcut = nn.Sequential(nn.Conv2d(4, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(F.pad(x, (0, 1, 0, 1)))))
        y = self.bn2(self.conv2(y))
        y = self.gate(y)
        x = self.shortcut(x)
        return F.relu(x + y)


class Network(nn.Module):
    """se-resnet:blocks=2,widths=4/8,ratio=2,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.stage1 = nn.Sequential(*[Block(4, 2) for _ in range(2)])
        self.stage2 = nn.Sequential(Stage2Block1(), *[Block(8, 4) for _ in range(1)])
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        return self.head(x.mean((2, 3)))
