"""orthogonal

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('orthogonal.safetensors')); network.eval()
6 × Orthogonal convolution: written as a convolution with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
5 × Reflections: written as x − 2Kᵀ·ReLU(Kx + b) with the kernel K that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Images [n, 3, 8, 12] in, logits [n, 4] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Absolute(nn.Module):
    """Each value without its sign."""

    def forward(self, x):
        return torch.abs(x)


class Channels(nn.Module):
    """So many channels from one on."""

    def __init__(self, first, count):
        super().__init__()
        self.first, self.count = first, count

    def forward(self, x):
        return x[:, self.first : self.first + self.count]


class Reflections(nn.Conv2d):
    """x − 2Kᵀ·ReLU(Kx + b), K a convolution around the image's edges."""

    def forward(self, x):
        before = (self.kernel_size[0] - 1) // 2
        behind = self.kernel_size[0] - 1 - before
        y = F.relu(super().forward(F.pad(x, (before, behind, before, behind), mode="circular")))
        back = self.weight.flip(2, 3).transpose(0, 1)
        return x - 2 * F.conv2d(F.pad(y, (behind, before, behind, before), mode="circular"), back)


class Network(nn.Module):
    """orthogonal."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 8, 3, padding=1, padding_mode="circular"),
            Absolute(),
            Channels(1, 6),
        )
        self.odd = nn.Sequential(
            *[
                nn.Sequential(
                    Reflections(6, 4, 3),
                    Reflections(6, 3, 2, bias=False),
                    nn.CircularPad2d((0, 1, 0, 1)),
                    nn.Conv2d(6, 6, 2, bias=False),
                )
                for _ in range(2)
            ],
        )
        self.down = nn.Conv2d(6, 8, 4, stride=2, padding=1, padding_mode="circular", bias=False)
        self.windows = nn.Conv2d(8, 12, 2, stride=2)
        self.pixel = nn.Conv2d(12, 5, 1, bias=False)
        self.plane = Reflections(5, 5, 1)
        self.head = nn.Linear(30, 4)

    def forward(self, x):
        x = self.stem(x)
        x = self.odd(x)
        x = self.windows(F.relu(self.down(x)))
        return self.head(torch.flatten(self.plane(self.pixel(x)), 1))
