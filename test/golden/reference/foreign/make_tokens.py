"""Writes the traced-*.fx files of Transformers beside this, as the recorder's export_network does, with the logits that PyTorch gives for two images. Needs torch and safetensors."""

import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../recorder"))
from normlab_recorder import export_network  # noqa: E402

WIDTH, HEADS = 4, 2


class Fused(nn.Module):
    """Attention with one product for queries, keys and values, as timm's has it."""

    def __init__(self):
        super().__init__()
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH)
        self.proj = nn.Linear(WIDTH, WIDTH)

    def forward(self, x):
        n, places, width = x.shape
        q, k, v = self.qkv(x).reshape(n, places, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        return self.proj(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).reshape(n, places, width))


class PreNorm(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.attn = nn.LayerNorm(WIDTH, eps=1e-6), Fused()
        self.norm2, self.mlp = nn.LayerNorm(WIDTH, eps=1e-6), nn.Sequential(nn.Linear(WIDTH, 6), nn.GELU(), nn.Dropout(0.1), nn.Linear(6, WIDTH))

    def forward(self, x):
        x = x + self.attn(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class ClassToken(nn.Module):
    """Patches, a class token, learned positions, blocks with the norms first."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, 4, 4)
        self.cls = nn.Parameter(torch.zeros(1, 1, WIDTH))
        self.positions = nn.Parameter(torch.zeros(1, 5, WIDTH))
        self.blocks = nn.Sequential(*[PreNorm() for _ in range(3)])
        self.norm, self.head = nn.LayerNorm(WIDTH), nn.Linear(WIDTH, 3)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat((self.cls.expand(x.shape[0], -1, -1), x), dim=1) + self.positions
        return self.head(self.norm(self.blocks(x))[:, 0])


class Encoder(nn.Module):
    """PyTorch's own encoder with its defaults: places before the batch, norms behind the sums. The mean of the tokens."""

    def __init__(self):
        super().__init__()
        self.patches, self.positions = nn.Conv2d(3, WIDTH, 4, 4), nn.Parameter(torch.zeros(WIDTH, 2, 2))
        self.encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(WIDTH, HEADS, 6), 3, enable_nested_tensor=False)
        self.head = nn.Linear(WIDTH, 3)

    def forward(self, x):
        return self.head(self.encoder((self.patches(x) + self.positions).flatten(2).permute(2, 0, 1)).mean(0))


class ByHand(nn.Module):
    """RMS norms, products and softmax written out, keys and values of one product, positions cut to length, all tokens flattened."""

    def __init__(self):
        super().__init__()
        self.patches, self.positions = nn.Conv2d(3, WIDTH, 4, 4), nn.Parameter(torch.zeros(1, 9, WIDTH))
        self.norms = nn.ModuleList(nn.RMSNorm(WIDTH) for _ in range(2))
        self.q, self.kv, self.out = nn.Linear(WIDTH, WIDTH, bias=False), nn.Linear(WIDTH, 2 * WIDTH), nn.Linear(WIDTH, WIDTH)
        self.up, self.down, self.head = nn.Linear(WIDTH, 6), nn.Linear(6, WIDTH), nn.Linear(WIDTH * 4, 3)

    def forward(self, x):
        x = self.patches(x)
        n, width, height, across = x.shape
        x = x.view(n, width, height * across).permute(0, 2, 1)
        x = x + self.positions[:, : x.shape[1]]
        y = self.norms[0](x)
        q = self.q(y).view(n, -1, HEADS, width // HEADS).transpose(1, 2) * 0.5
        k, v = self.kv(y).chunk(2, dim=-1)
        k, v = (one.reshape(n, height * across, HEADS, width // HEADS).transpose(1, 2) for one in (k, v))
        attended = (q @ k.transpose(-2, -1)).softmax(dim=-1) @ v
        x = x + self.out(attended.transpose(1, 2).contiguous().view(n, height * across, width))
        x = x + self.down(F.silu(self.up(self.norms[1](x))))
        return self.head(x.flatten(1))


class Scaled(PreNorm):
    """A branch times a number a channel, behind a product that can have it in its weights."""

    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        return x + self.gamma * self.attn(self.norm1(x))


class LayerScale(ClassToken):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(Scaled())


class ScaledInside(Scaled):
    """The same times what is no product, which the lab has no layer for."""

    def forward(self, x):
        return x + self.attn(self.norm1(x)) + self.gamma * F.gelu(x)


class Unknown(ClassToken):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(ScaledInside())


class Shared(ClassToken):
    """A weight that two layers have, one that another has turned, a norm that is called twice; and cuts of one tensor that have nothing in common."""

    def __init__(self):
        super().__init__()
        self.blocks = nn.ModuleList(PreNorm() for _ in range(2))
        self.blocks[1].mlp[0].weight = self.blocks[0].mlp[0].weight
        self.turned = nn.Linear(WIDTH, 6, bias=False)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat(((self.cls + self.positions[:, :1]).expand(x.shape[0], -1, -1), x + self.positions[:, 1:]), dim=1)
        for block in self.blocks:
            x = block(x)
        x = self.turned(x)
        x = F.linear(F.relu(x), self.turned.weight.t())
        x = self.norm(self.norm(x))
        return self.head(x[:, 0])


class TimesNumber(PreNorm):
    """A branch times one learned number, as ReZero has it."""

    def __init__(self):
        super().__init__()
        self.alpha = nn.Parameter(torch.zeros(1))

    def forward(self, x):
        x = x + self.alpha * self.attn(self.norm1(x))
        return x + 0.5 * self.mlp(self.norm2(x))


class ReZero(ClassToken):
    def __init__(self):
        super().__init__()
        self.blocks = nn.Sequential(TimesNumber(), TimesNumber())


class OverImages(nn.Module):
    """PyTorch's module with its default, places before the batch, on tokens whose batch stands first: images attend to one another."""

    def __init__(self):
        super().__init__()
        self.patches, self.attn, self.head = nn.Conv2d(3, WIDTH, 4, 4), nn.MultiheadAttention(WIDTH, HEADS), nn.Linear(WIDTH, 3)

    def forward(self, x):
        x = self.patches(x).flatten(2).transpose(1, 2)
        return self.head((x + self.attn(x, x, x, need_weights=False)[0]).mean(1))


class OverRows(nn.Module):
    """The places of a row attend to one another: by the module, with the rows in the batch, or as an axis beside it."""

    def __init__(self, is_module):
        super().__init__()
        self.patches, self.head, self.is_module = nn.Conv2d(3, WIDTH, 4, 4), nn.Linear(WIDTH, 3), is_module
        self.attn = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True) if is_module else None

    def forward(self, x):
        x = self.patches(x).permute(0, 2, 3, 1)
        n, height, across, width = x.shape
        rows = x.reshape(n * height, across, width) if self.is_module else x
        y = self.attn(rows, rows, rows, need_weights=False)[0] if self.is_module else F.scaled_dot_product_attention(rows, rows, rows)
        return self.head((x + y.reshape(n, height, across, width)).mean((1, 2)))


def write(name, model, is_known=True):
    with torch.no_grad():
        for value in model.parameters():
            value.add_(0.4 * torch.randn_like(value))
    x = torch.randn(2, 3, 8, 8)
    export_network(model.eval(), os.path.join(here, f"{name}.fx"), (3, 8, 8))
    if is_known:
        with torch.no_grad():
            save_file({"images": x.permute(0, 2, 3, 1).contiguous(), "logits": model(x)}, os.path.join(here, f"{name}.safetensors"))


if __name__ == "__main__":
    torch.manual_seed(11)
    write("traced-class-token", ClassToken())
    write("traced-encoder", Encoder())
    write("traced-by-hand", ByHand())
    write("traced-layer-scale", LayerScale())
    write("traced-rezero", ReZero())
    write("traced-over-images", OverImages(), False)
    write("traced-over-rows", OverRows(True), False)
    write("traced-beside-rows", OverRows(False), False)
    write("traced-scaled-inside", Unknown(), False)
    write("traced-shared", Shared())
