"""resnet:blocks=2,widths=4/8,input=9x9x1

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('resnet_blocks_2_widths_4_8_input_9x9x1.safetensors')); network.eval()
Images [n, 1, 9, 9] in, logits [n, 10] out.
"""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        x = x + self.bn2(self.conv2(y))
        return F.relu(x)


class Stage2Block1(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(4, 8, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(8)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(8)
        self.shortcut = nn.Sequential(nn.Conv2d(4, 8, 1, stride=2, bias=False), nn.BatchNorm2d(8))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        x = self.shortcut(x)
        x = x + self.bn2(self.conv2(y))
        return F.relu(x)


class Network(nn.Module):
    """resnet:blocks=2,widths=4/8,input=9x9x1."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU())
        self.stage1 = nn.Sequential(*[Block(4) for _ in range(2)])
        self.stage2 = nn.Sequential(Stage2Block1(), *[Block(8) for _ in range(1)])
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        return self.head(x.mean((2, 3)))
