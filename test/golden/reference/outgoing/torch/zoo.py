"""zoo

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('zoo.safetensors')); network.eval()
Images [n, 3, 17, 18] in, logits [n, 4] out.
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


class SameAvgPool2d(nn.Module):
    """Means over those pixels of each window that are there, the windows where TensorFlow's SAME has them."""

    def __init__(self, size, stride):
        super().__init__()
        self.size, self.stride = size, stride

    def forward(self, x):
        pads = []
        for side in (x.shape[3], x.shape[2]):
            added = max((-(-side // self.stride) - 1) * self.stride + self.size - side, 0)
            pads += [added // 2, added - added // 2]
        there = F.pad(torch.ones_like(x[:1, :1]), pads)
        return F.avg_pool2d(F.pad(x, pads), self.size, self.stride) / F.avg_pool2d(there, self.size, self.stride)


class L2Pool2d(nn.Module):
    """The root of the sum of squares over windows side by side; one of zeros passes no gradient back."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        squares = F.avg_pool2d(x * x, self.size) * self.size**2
        return squares.clamp_min(torch.finfo(x.dtype).tiny).sqrt()


class Duplicate(nn.Module):
    """Copies of all channels behind one another."""

    def __init__(self, times):
        super().__init__()
        self.times = times

    def forward(self, x):
        return x.repeat(1, self.times, 1, 1)


class PaddingShortcut(nn.Module):
    """Every stride-th pixel, and zeros for new channels (He et al. 2015, option A)."""

    def __init__(self, before, behind, stride):
        super().__init__()
        self.before, self.behind, self.stride = before, behind, stride

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.before, self.behind))


class Scale(nn.Module):
    """All values times one learned number."""

    def __init__(self, value):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x * self.weight


class FixedScale(nn.Module):
    """All values times one number."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, x):
        return x * self.value


class Shift(nn.Module):
    """One learned number added to all values."""

    def __init__(self, value):
        super().__init__()
        self.bias = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x + self.bias


class Pair(nn.Module):
    def __init__(self):
        super().__init__()
        self.own = StandardisedConv2d(6, 6, 3, padding=1)
        self.learned = Scale(0.5)
        self.half2 = FixedScale(0.25)
        self.shift = Shift(0.1)

    def forward(self, x, x1):
        y = self.learned(F.elu(self.own(x)))
        return self.shift(self.half2(y)) + x1 + x


class Grown(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = nn.GroupNorm(1, channels)
        self.conv = StandardisedConv2d(channels, 3, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv(F.silu(self.norm(x)))
        return torch.cat([x, y], 1)


class Down(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(12, 16, 3, stride=2, bias=False)
        self.shortcut = PaddingShortcut(2, 2, 2)

    def forward(self, x):
        y = self.conv(F.pad(x, (0, 1, 0, 1)))
        return y + self.shortcut(x) + torch.tanh(y)


class Network(nn.Module):
    """zoo."""

    def __init__(self):
        super().__init__()
        self.type2 = nn.Conv2d(3, 8, 3, stride=2)
        self.windows = nn.Sequential(
            nn.Conv2d(8, 8, 4, padding=2, groups=2, bias=False),
            nn.Conv2d(8, 16, 3, padding=1, groups=8, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(16, 6, 3, padding=2, dilation=2, bias=False),
            nn.MaxPool2d(3, 1, padding=1),
            SameAvgPool2d(2, 1),
            nn.AvgPool2d(3, 1, padding=1, count_include_pad=False),
            nn.AvgPool2d(3, 1, padding=1),
            nn.ConstantPad2d((0, 1, 0, 1), float("-inf")),
            nn.MaxPool2d(2, 1),
            nn.GroupNorm(3, 6),
            nn.GELU(),
            nn.Dropout(0.5),
        )
        self.pair = nn.ModuleList([Pair() for _ in range(3)])
        self.grown = nn.Sequential(*[Grown(6 + 3 * i) for i in range(2)])
        self.down = Down()
        self.twice = Duplicate(2)
        self.pad = nn.Conv2d(32, 5, 2, padding=1, bias=False)
        self.l2 = L2Pool2d(3)
        self.hidden = nn.Linear(20, 12)
        self.bn = nn.BatchNorm1d(12, eps=0.001, momentum=0.01)
        self.head = nn.Linear(12, 4, bias=False)

    def forward(self, x):
        x = self.type2(F.pad(x, (0, 1, 1, 1)))
        x = self.windows(x)
        pair = x
        for block in self.pair:
            pair = block(pair, x)
        pair = self.grown(pair)
        pair = self.down(pair)
        pair = self.l2(self.pad(self.twice(pair)))
        pair = F.relu(self.bn(self.hidden(torch.flatten(pair, 1))))
        return self.head(pair)
