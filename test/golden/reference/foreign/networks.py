"""Networks that the programs beside this write as files: in parts of torchvision, with few channels."""

import torch
import torch.nn as nn
import torch.nn.functional as F
from torchvision.models.resnet import BasicBlock, conv1x1


class Small(nn.Module):
    """torchvision's ResNet in its own parts, with few channels."""

    def __init__(self, widths, blocks, classes):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(widths[0])
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, stride=2, padding=1)
        stages, entering = [], widths[0]
        for s, width in enumerate(widths):
            layers = []
            for b in range(blocks):
                stride = 2 if s > 0 and b == 0 else 1
                changes = stride != 1 or entering != width
                down = nn.Sequential(conv1x1(entering, width, stride), nn.BatchNorm2d(width)) if changes else None
                layers.append(BasicBlock(entering, width, stride, down))
                entering = width
            stages.append(nn.Sequential(*layers))
        self.layers = nn.Sequential(*stages)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(entering, classes)

    def forward(self, x):
        x = self.layers(self.maxpool(self.relu(self.bn1(self.conv1(x)))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


class Pieces(nn.Module):
    """A layer of each sort, and a dense layer behind an image of more than one pixel."""

    def __init__(self):
        super().__init__()
        self.a = nn.Conv2d(3, 8, 3, stride=2, padding=1)
        self.dw = nn.Conv2d(8, 16, 3, padding=1, groups=8, bias=False)
        self.g = nn.Conv2d(16, 8, 3, padding=2, dilation=2, groups=2)
        self.fc1 = nn.Linear(16, 6)
        self.bn = nn.BatchNorm1d(6)
        self.fc = nn.Linear(6, 3, bias=False)
        self.last = nn.Sequential(nn.Conv2d(16, 4, 2), nn.Dropout(0.3))

    def forward(self, x):
        x = F.silu(self.a(x))
        x = torch.cat([x, F.elu(self.g(F.leaky_relu(self.dw(x), 0.2)))], 1)
        x = F.avg_pool2d(x, 3, 2, 1)
        x = F.max_pool2d(F.pad(F.relu(x), (1, 1, 1, 1)), 2, 2)
        return self.fc(torch.tanh(self.bn(self.fc1(torch.flatten(self.last(x), 1)))))


def randomise(model):
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.3)
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
    return model.eval()
