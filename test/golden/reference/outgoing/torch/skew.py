"""skew

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('skew.safetensors')); network.eval()
4 × Skew orthogonal convolution: written as the series of convolutions that it is, with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Skew orthogonal convolution: written as a convolution with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Images [n, 3, 5, 6] in, logits [n, 3] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class ConvolutionSeries(nn.Conv2d):
    """x + Jx + J²x/2! + …, J a convolution, of so many terms behind x; with zeros for channels that x lacks."""

    def __init__(self, channels, filters, size, terms, bias=True):
        inner = max(channels, filters)
        super().__init__(inner, inner, size, padding=size // 2, bias=False)
        self.filters, self.terms = filters, terms
        self.bias = nn.Parameter(torch.zeros(filters)) if bias else None

    def forward(self, x):
        y = term = F.pad(x, (0, 0, 0, 0, 0, self.in_channels - x.shape[1]))
        for n in range(1, self.terms + 1):
            term = self._conv_forward(term, self.weight / n, None)
            y = y + term
        y = y[:, : self.filters]
        return y if self.bias is None else y + self.bias.view(-1, 1, 1)


class Kept(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = ConvolutionSeries(5, 5, 5, 4, bias=False)

    def forward(self, x):
        return torch.tanh(self.conv(x)) + x


class Network(nn.Module):
    """skew."""

    def __init__(self):
        super().__init__()
        self.widen = ConvolutionSeries(3, 5, 3, 8)
        self.kept = nn.Sequential(*[Kept() for _ in range(2)])
        self.pixel = nn.Conv2d(5, 5, 1)
        self.narrow = ConvolutionSeries(5, 4, 3, 6)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        x = torch.abs(self.widen(x))
        x = self.kept(x)
        x = F.relu(self.narrow(self.pixel(x)))
        return self.head(x.mean((2, 3)))
