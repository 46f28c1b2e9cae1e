"""Networks that the recorder is tried on, and what autograd itself says of their boundaries."""

import torch
import torch.nn as nn
import torch.nn.functional as F


class PreactBlock(nn.Module):
    """A pre-activation block whose first ReLU works in place, as many programs have it: it overwrites the boundary."""

    def __init__(self, channels, inplace=False):
        super().__init__()
        self.norm, self.conv = nn.BatchNorm2d(channels), nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.relu = nn.ReLU(inplace=inplace)

    def forward(self, x):
        return self.relu(x) + self.conv(F.relu(self.norm(x)))


class Chain(nn.Module):
    def __init__(self, blocks=4, channels=8, block=PreactBlock, **options):
        super().__init__()
        self.stem = nn.Conv2d(3, channels, 3, padding=1, bias=False)
        self.blocks = nn.Sequential(*[block(channels, **options) for _ in range(blocks)])
        self.head = nn.Linear(channels, 10)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))


class Bottleneck(nn.Module):
    def __init__(self, width, planes):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(width), nn.Conv2d(width, planes, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(planes), nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn3, self.conv3 = nn.BatchNorm2d(planes), nn.Conv2d(planes, 4 * planes, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        y = self.conv2(F.relu(self.bn2(y)))
        return x + self.conv3(F.relu(self.bn3(y)))


class ProcResNet(nn.Module):
    """The published program's form: bottlenecks with identity skips, bare 1x1 convolutions between the stages, a list that the forward pass walks through."""

    def __init__(self, blocks=2, planes=(4, 8, 16)):
        super().__init__()
        width = 4 * planes[0]
        self.stem = nn.Conv2d(3, width, 3, padding=1, bias=False)
        units = []
        for i, plane in enumerate(planes):
            if i:
                units.append(nn.Conv2d(width, 4 * plane, 1, stride=2, bias=False))
                width = 4 * plane
            units += [Bottleneck(width, plane) for _ in range(blocks)]
        self.units, self.bn, self.fc = nn.ModuleList(units), nn.BatchNorm2d(width), nn.Linear(width, 10)

    def forward(self, x):
        x = self.stem(x)
        for unit in self.units:
            x = unit(x)
        return self.fc(F.relu(self.bn(x)).mean((2, 3)))


class Transformer(nn.Module):
    def __init__(self, layers=3, width=32, words=50):
        super().__init__()
        self.embedding = nn.Embedding(words, width)
        self.blocks = nn.ModuleList(nn.TransformerEncoderLayer(width, 4, 64, dropout=0.0, batch_first=True, norm_first=True) for _ in range(layers))
        self.head = nn.Linear(width, 10)

    def forward(self, x):
        x = self.embedding(x)
        for block in self.blocks:
            x = block(x)
        return self.head(x.mean(1))


def images(count=8, side=16, seed=0):
    made = torch.Generator().manual_seed(seed)
    return torch.randn(count, 3, side, side, generator=made), torch.randint(0, 10, (count,), generator=made)


def true_norms(model, blocks, x, y, scale=1.0):
    """||dE/dx|| at what enters each block and what leaves the last, by autograd, in double precision from the gradients on."""
    tensors, handles = [], []
    for index, block in enumerate(blocks):

        def entering(_module, inputs):
            # The block has a copy, so that what works in place in it does not touch the boundary.
            tensors.append(inputs[0])
            return (inputs[0].clone(),) + tuple(inputs[1:])

        handles.append(block.register_forward_pre_hook(entering))
        if index == len(blocks) - 1:

            def leaving(_module, _inputs, output):
                tensors.append(output)
                return output.clone()

            handles.append(block.register_forward_hook(leaving))
    try:
        loss = F.cross_entropy(model(x), y) * scale
        return [float(gradient.double().norm()) for gradient in torch.autograd.grad(loss, tensors)]
    finally:
        for handle in handles:
            handle.remove()
