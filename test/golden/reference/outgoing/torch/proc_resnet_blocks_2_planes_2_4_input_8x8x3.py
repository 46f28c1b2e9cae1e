"""proc-resnet:blocks=2,planes=2/4,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('proc_resnet_blocks_2_planes_2_4_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
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


class Network(nn.Module):
    """proc-resnet:blocks=2,planes=2/4,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.stage1 = nn.Sequential(*[Block(8, 2) for _ in range(2)])
        self.transition1 = nn.Conv2d(8, 16, 1, stride=2, bias=False)
        self.stage2 = nn.Sequential(*[Block(16, 4) for _ in range(2)])
        self.end = nn.Sequential(nn.BatchNorm2d(16), nn.ReLU())
        self.head = nn.Linear(16, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.stage1(x)
        x = self.transition1(x)
        x = self.stage2(x)
        x = self.end(x)
        return self.head(x.mean((2, 3)))
