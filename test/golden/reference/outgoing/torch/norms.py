"""norms

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('norms.safetensors')); network.eval()
Images [n, 3, 6, 6] in, logits [n, 4] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class StandardisedConv2d(nn.Conv2d):
    """A convolution whose filters are standardised at every use (Brock, De and Smith 2021), times a learned gain."""

    def __init__(self, *arguments, epsilon=1e-6, **options):
        super().__init__(*arguments, **options)
        self.epsilon = epsilon
        self.gain = nn.Parameter(torch.ones(self.out_channels))

    def forward(self, x):
        mean = self.weight.mean((1, 2, 3), keepdim=True)
        variance = self.weight.var((1, 2, 3), unbiased=False, keepdim=True)
        share = self.gain.view(-1, 1, 1, 1) / self.weight[0].numel() ** 0.5
        kernel = (self.weight - mean) * torch.rsqrt(variance + self.epsilon) * share
        return self._conv_forward(x, kernel, self.bias)


class Scale(nn.Module):
    """All values times one learned number."""

    def __init__(self, value):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x * self.weight


class Shift(nn.Module):
    """One learned number added to all values."""

    def __init__(self, value):
        super().__init__()
        self.bias = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x + self.bias


class Network(nn.Module):
    """norms."""

    def __init__(self):
        super().__init__()
        self.conv = StandardisedConv2d(3, 8, 3, padding=1, bias=False)
        self.group = nn.GroupNorm(2, 8)
        self.scale = Scale(0.5)
        self.layer = nn.GroupNorm(1, 8)
        self.hidden = nn.Linear(8, 9)
        self.shift = Shift(0)
        self.features = nn.GroupNorm(3, 9, eps=0.001)
        self.head = nn.Linear(9, 4)

    def forward(self, x):
        x = F.relu(self.group(self.conv(x)))
        x = self.layer(self.scale(x)).mean((2, 3))
        x = self.features(self.shift(self.hidden(x)))
        return self.head(x)
