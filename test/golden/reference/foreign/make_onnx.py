"""Writes the exported-*.onnx files beside this, norms and Transformers as both of PyTorch's exporters write them, with the logits that ONNX Runtime gives for two images. Needs torch, onnx, onnxscript, onnxruntime, safetensors."""

import sys
import warnings

import numpy as np
import onnx
import onnxruntime
import torch
import torch.nn as nn
import torch.nn.functional as F
from make_tokens import HEADS, WIDTH, ByHand, ClassToken, Encoder, PreNorm
from safetensors.numpy import save_file

warnings.filterwarnings("ignore")


class RootMeanSquare(nn.Module):
    """Written out, as networks before nn.RMSNorm have it; the older exporter knows no other."""

    def __init__(self, width):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x):
        return self.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class OverChannels(nn.Module):
    """Layer norm over the channels of each pixel, written out as ConvNeXt has it."""

    def __init__(self, width):
        super().__init__()
        self.weight, self.bias = nn.Parameter(torch.ones(width)), nn.Parameter(torch.zeros(width))

    def forward(self, x):
        u = x.mean(1, keepdim=True)
        s = (x - u).pow(2).mean(1, keepdim=True)
        return self.weight[:, None, None] * ((x - u) / torch.sqrt(s + 1e-6)) + self.bias[:, None, None]


class Norms(nn.Module):
    """A norm of each sort, with scale and shift and without, and GELU exact."""

    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = nn.Conv2d(3, 6, 3, padding=1, bias=False), nn.Conv2d(6, 6, 3, padding=1), nn.Conv2d(6, 6, 1)
        self.groups, self.plain, self.each = nn.GroupNorm(3, 6), nn.GroupNorm(2, 6, affine=False), nn.GroupNorm(6, 6, eps=1e-3)
        self.all, self.instance, self.channels = nn.GroupNorm(1, 6), nn.InstanceNorm2d(6, affine=True), OverChannels(6)
        self.layer, self.rms, self.bare = nn.LayerNorm(6), RootMeanSquare(6), nn.LayerNorm(6, elementwise_affine=False)
        self.up, self.head = nn.Linear(6, 6), nn.Linear(6, 4)

    def forward(self, x):
        x = F.gelu(self.groups(self.a(x)))
        x = x + F.silu(self.each(self.b(self.plain(x))))
        x = self.channels(x + self.instance(self.c(self.all(x))))
        x = self.rms(self.layer(x.mean((2, 3))))
        return self.head(F.gelu(self.bare(self.up(x))))


class NormFirst(nn.Module):
    """PyTorch's encoder with the batch before the places and the norms first; the mean of the tokens."""

    def __init__(self):
        super().__init__()
        self.patches, self.positions = nn.Conv2d(3, 4, 4, 4), nn.Parameter(torch.zeros(1, 4, 4))
        layer = nn.TransformerEncoderLayer(4, 2, 6, batch_first=True, norm_first=True, activation="gelu")
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.encoder(self.patches(x).flatten(2).transpose(1, 2) + self.positions).mean(1))


class Causal(PreNorm):
    """Attention under a mask, a channel's learned factor and an activation, none of which the lab has."""

    def __init__(self):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(WIDTH))

    def forward(self, x):
        n, places, width = x.shape
        q, k, v = self.attn.qkv(self.norm1(x)).reshape(n, places, 3, HEADS, width // HEADS).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True).transpose(1, 2).reshape(n, places, width)
        x = x + self.attn.proj(y)
        return x + self.gamma * F.softplus(self.mlp(self.norm2(x)))


class Unknown(ClassToken):
    def __init__(self):
        super().__init__()
        self.blocks = Causal()


def randomised(model):
    with torch.no_grad():
        for value in model.parameters():
            value.add_(0.4 * torch.randn_like(value))
    return model.eval()


def without_traces(file):
    """The newer exporter writes beside each node where in the program it comes from, which is most of so small a file."""
    model = onnx.load(file)
    for part in [model, model.graph, *model.graph.node, *model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    del model.graph.value_info[:]
    onnx.save(model, file)


def write(name, model, batch, **options):
    """batch: how many images the file takes, None where that is open."""
    model, x = randomised(model), torch.randn(2, 3, 8, 8)
    if batch is None:
        options |= dict(dynamic_shapes=({0: torch.export.Dim("n")},)) if options["dynamo"] else dict(dynamic_axes={"images": {0: "n"}})
    if options["dynamo"]:
        options["external_data"] = False
    torch.onnx.export(model, (x[:batch],), f"{name}.onnx", input_names=["images"], output_names=["logits"], verbose=False, **options)
    without_traces(f"{name}.onnx")
    session = onnxruntime.InferenceSession(f"{name}.onnx")
    logits = np.concatenate([session.run(None, {"images": part.numpy()})[0] for part in x.split(batch or 2)])
    with torch.no_grad():
        assert np.abs(model(x).numpy() - logits).max() < 1e-5
    if "unknown" not in name:
        save_file({"images": np.ascontiguousarray(x.numpy().transpose(0, 2, 3, 1)), "logits": logits}, f"{name}.safetensors")
    print(name, flush=True)


ALL = [
    ("exported-norms-16", Norms, None, dict(dynamo=False, opset_version=16)),
    ("exported-norms-17", Norms, 1, dict(dynamo=False, opset_version=17, do_constant_folding=False)),
    ("exported-norms-21", Norms, None, dict(dynamo=True, opset_version=21)),
    ("exported-norms-18", Norms, 2, dict(dynamo=True, opset_version=18)),
    ("exported-class-token-17", ClassToken, None, dict(dynamo=False, opset_version=17)),
    ("exported-class-token-18", ClassToken, 2, dict(dynamo=True, opset_version=18)),
    ("exported-class-token-20", ClassToken, None, dict(dynamo=True, opset_version=20)),
    ("exported-class-token-23", ClassToken, None, dict(dynamo=True, opset_version=23)),
    ("exported-encoder-17", Encoder, None, dict(dynamo=False, opset_version=17)),
    ("exported-encoder-20", Encoder, 1, dict(dynamo=True, opset_version=20)),
    ("exported-norm-first-18", NormFirst, None, dict(dynamo=True, opset_version=18)),
    ("exported-norm-first-20", NormFirst, 1, dict(dynamo=False, opset_version=20)),
    ("exported-by-hand-18", ByHand, None, dict(dynamo=True, opset_version=18)),
    ("exported-unknown-18", Unknown, None, dict(dynamo=True, opset_version=18)),
    ("exported-unknown-17", Unknown, None, dict(dynamo=False, opset_version=17)),
]

if __name__ == "__main__":
    for at, (name, network, batch, options) in enumerate(ALL):
        torch.manual_seed(20 + at)
        if len(sys.argv) == 1 or name in sys.argv:
            write(name, network(), batch, **options)
