"""preact-resnet:blocks=2,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('preact_resnet_blocks_2_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(16)
        self.conv1 = nn.Conv2d(16, 16, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(16)
        self.conv2 = nn.Conv2d(16, 16, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(16)
        self.conv3 = nn.Conv2d(16, 64, 1, bias=False)
        self.shortcut = nn.Sequential(nn.BatchNorm2d(16), nn.ReLU(), nn.Conv2d(16, 64, 1, bias=False))

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        x = self.shortcut(x)
        y = self.conv3(F.relu(self.bn3(y)))
        return x + y


class Stage1Block2(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, filters, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.bn3 = nn.BatchNorm2d(filters)
        self.conv3 = nn.Conv2d(filters, channels, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        y = self.conv3(F.relu(self.bn3(y)))
        return x + y


class Stage2Block1(nn.Module):
    def __init__(self, channels, filters, filters2):
        super().__init__()
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, filters, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, stride=2, bias=False)
        self.bn3 = nn.BatchNorm2d(filters)
        self.conv3 = nn.Conv2d(filters, filters2, 1, bias=False)
        self.shortcut = nn.Sequential(
            nn.BatchNorm2d(channels),
            nn.ReLU(),
            nn.Conv2d(channels, filters2, 1, stride=2, bias=False),
        )

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.pad(F.relu(self.bn2(y)), (0, 1, 0, 1)))
        x = self.shortcut(x)
        y = self.conv3(F.relu(self.bn3(y)))
        return x + y


class Network(nn.Module):
    """preact-resnet:blocks=2,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        self.stage1 = nn.Sequential(Block(), *[Stage1Block2(64, 16) for _ in range(1)])
        self.stage2 = nn.Sequential(Stage2Block1(64, 32, 128), *[Stage1Block2(128, 32) for _ in range(1)])
        self.stage3 = nn.Sequential(Stage2Block1(128, 64, 256), *[Stage1Block2(256, 64) for _ in range(1)])
        self.end = nn.Sequential(nn.BatchNorm2d(256), nn.ReLU())
        self.head = nn.Linear(256, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        x = self.stage3(x)
        x = self.end(x)
        return self.head(x.mean((2, 3)))
