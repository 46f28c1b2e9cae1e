"""parts

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('parts.safetensors')); network.eval()
Images [n, 3, 6, 4] in, logits [n, 3] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Attention(nn.Module):
    """Scaled dot-product attention in heads; each place of an image is a token."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, *inputs):
        q, k, v = (x.flatten(2).unflatten(1, (self.heads, -1)).transpose(2, 3) for x in inputs)
        y = F.scaled_dot_product_attention(q, k, v).transpose(2, 3)
        return y.reshape(inputs[2].shape)


class Position(nn.Module):
    """A learned number for each channel of each place."""

    def __init__(self, height, width, channels, deviation):
        super().__init__()
        self.bias = nn.Parameter(deviation * torch.randn(height, width, channels))

    def forward(self, x):
        return x + self.bias.movedim(-1, 0)


class ClassToken(nn.Module):
    """Learned tokens before an image's own, which become one column."""

    def __init__(self, tokens, channels, deviation):
        super().__init__()
        self.bias = nn.Parameter(deviation * torch.randn(tokens, channels))

    def forward(self, x):
        tokens = self.bias.T.expand(len(x), -1, -1)
        return torch.cat([tokens, torch.flatten(x, 2)], 2).unsqueeze(3)


class Token(nn.Module):
    """The channels of a single place."""

    def __init__(self, place):
        super().__init__()
        self.place = place

    def forward(self, x):
        return torch.flatten(x, 2)[:, :, self.place]


class Halves(nn.Module):
    def __init__(self):
        super().__init__()
        self.sum = nn.Conv2d(4, 3, 1, bias=False)

    def forward(self, x):
        y = x[:, 0:4]
        return torch.cat([y, self.sum(y) + x[:, 4:7]], 1)


class Attend(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Conv2d(7, 6, 1)
        self.k = nn.Conv2d(7, 6, 1)
        self.v = nn.Conv2d(7, 6, 1)
        self.heads = Attention(2)
        self.out = nn.Conv2d(6, 7, 1, bias=False)

    def forward(self, x):
        y = self.out(self.heads(self.q(x), self.k(x), self.v(x)))
        return y + x


class Network(nn.Module):
    """parts."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 7, 2, stride=2, bias=False)
        self.halves = nn.Sequential(*[Halves() for _ in range(2)])
        self.tokens = ClassToken(2, 7, 0.02)
        self.positions = Position(8, 1, 7, 0.02)
        self.attend = Attend()
        self.token = Token(1)
        self.head = nn.Linear(7, 3)

    def forward(self, x):
        x = torch.abs(self.conv(x))
        x = self.halves(x)
        x = self.positions(self.tokens(x))
        x = self.attend(x)
        return self.head(self.token(x))
