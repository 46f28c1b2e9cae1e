"""vit:blocks=2,width=8,heads=2,patch=4,input=8x8x3

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('vit_blocks_2_width_8_heads_2_patch_4_input_8x8x3.safetensors')); network.eval()
Images [n, 3, 8, 8] in, logits [n, 10] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class LayerNorm2d(nn.LayerNorm):
    """Layer norm of the channels at each place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)


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


class Block1Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = LayerNorm2d(8)
        self.q = nn.Conv2d(8, 8, 1)
        self.k = nn.Conv2d(8, 8, 1)
        self.v = nn.Conv2d(8, 8, 1)
        self.attention = Attention(2)
        self.out = nn.Conv2d(8, 8, 1)

    def forward(self, x):
        y = self.norm(x)
        y = self.out(self.attention(self.q(y), self.k(y), self.v(y)))
        return x + y


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = LayerNorm2d(8)
        self.dense1 = nn.Conv2d(8, 32, 1)
        self.dense2 = nn.Conv2d(32, 8, 1)

    def forward(self, x):
        y = F.gelu(self.dense1(self.norm(x)))
        return x + self.dense2(y)


class Network(nn.Module):
    """vit:blocks=2,width=8,heads=2,patch=4,input=8x8x3."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 4, stride=4), Position(2, 2, 8, 0.02))
        self.block = nn.Sequential(*[nn.Sequential(Block1Attention(), Mlp()) for _ in range(2)])
        self.end = LayerNorm2d(8)
        self.head = nn.Linear(8, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x)
        x = self.end(x)
        return self.head(x.mean((2, 3)))
