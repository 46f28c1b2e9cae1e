"""resnet:blocks=2,planes=2/4,block=bottleneck,shortcut=pooling,padding=symmetric,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('resnet_blocks_2_planes_2_4_block_bottleneck_shortcut_pooling_padding_symmetric_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(2, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(2)
        self.conv2 = nn.Conv2d(2, 2, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(2)
        self.conv3 = nn.Conv2d(2, 8, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(8)
        self.shortcut = nn.Sequential(nn.Conv2d(2, 8, 1, bias=False), nn.BatchNorm2d(8))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        x = self.shortcut(x)
        x = x + self.bn3(self.conv3(y))
        return F.relu(x)


class Stage1Block2(nn.Module):
    def __init__(self, channels, filters):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, filters, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(filters)
        self.conv2 = nn.Conv2d(filters, filters, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(filters)
        self.conv3 = nn.Conv2d(filters, channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels)

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        x = x + self.bn3(self.conv3(y))
        return F.relu(x)


class Stage2Block1(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(8, 4, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, stride=2, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(4)
        self.conv3 = nn.Conv2d(4, 16, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(16)
        self.shortcut = nn.Sequential(nn.AvgPool2d(2, 2), nn.Conv2d(8, 16, 1, bias=False), nn.BatchNorm2d(16))

    def forward(self, x):
        y = F.relu(self.bn1(self.conv1(x)))
        y = F.relu(self.bn2(self.conv2(y)))
        x = self.shortcut(x)
        x = x + self.bn3(self.conv3(y))
        return F.relu(x)


class Network(nn.Module):
    """resnet:blocks=2,planes=2/4,block=bottleneck,shortcut=pooling,padding=symmetric,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 2, 3, padding=1, bias=False), nn.BatchNorm2d(2), nn.ReLU())
        self.stage1 = nn.Sequential(Block(), *[Stage1Block2(8, 2) for _ in range(1)])
        self.stage2 = nn.Sequential(Stage2Block1(), *[Stage1Block2(16, 4) for _ in range(1)])
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.stage2(x)
        return self.head(x.mean((2, 3)))
