"""vit:blocks=1,placement=deepnorm,norm=rms,width=4,heads=2,patch=4,input=8x8x1

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('vit_blocks_1_placement_deepnorm_norm_rms_width_4_heads_2_patch_4_input_8x8x1.safetensors')); network.eval()
Images [n, 1, 8, 8] in, logits [n, 10] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class RMSNorm2d(nn.RMSNorm):
    """RMS norm of the channels at each place."""

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


class FixedScale(nn.Module):
    """All values times one number."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, x):
        return x * self.value


class Block1Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.q = nn.Conv2d(4, 4, 1)
        self.k = nn.Conv2d(4, 4, 1)
        self.v = nn.Conv2d(4, 4, 1)
        self.attention = Attention(2)
        self.out = nn.Conv2d(4, 4, 1)
        self.skip = FixedScale(1.189207115002721)
        self.norm = RMSNorm2d(4, eps=1e-5)

    def forward(self, x):
        y = self.skip(x)
        x = self.out(self.attention(self.q(x), self.k(x), self.v(x)))
        return self.norm(y + x)


class Mlp(nn.Module):
    def __init__(self):
        super().__init__()
        self.dense1 = nn.Conv2d(4, 16, 1)
        self.dense2 = nn.Conv2d(16, 4, 1)
        self.skip = FixedScale(1.189207115002721)
        self.norm = RMSNorm2d(4, eps=1e-5)

    def forward(self, x):
        y = self.skip(x)
        x = self.dense2(F.gelu(self.dense1(x)))
        return self.norm(y + x)


class Network(nn.Module):
    """vit:blocks=1,placement=deepnorm,norm=rms,width=4,heads=2,patch=4,input=8x8x1."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 4, 4, stride=4), Position(2, 2, 4, 0.02))
        self.block = nn.Sequential(*[nn.Sequential(Block1Attention(), Mlp()) for _ in range(1)])
        self.head = nn.Linear(4, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x)
        return self.head(x.mean((2, 3)))
