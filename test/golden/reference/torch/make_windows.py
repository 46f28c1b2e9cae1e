"""Convolutions and pools with PyTorch's paddings and dilations: value, and gradients of its sum with given weights.

    python make_windows.py OUT      (needs torch and safetensors; float64, stored as float32)
"""
import json, sys
import torch, torch.nn.functional as F
from safetensors.numpy import save_file

CASES = [  # name, kind, attributes as the network document has them, input side and channels
    ("dilated", "conv2d", {"filters": 3, "dilation": 2, "padding": "symmetric"}, 7, 2),
    ("dilated_strided", "conv2d", {"filters": 4, "dilation": 2, "stride": 2, "padding": "symmetric"}, 8, 2),
    ("dilated_grouped", "conv2d", {"filters": 4, "dilation": 3, "padding": "explicit", "zeros": 1, "groups": 2}, 9, 4),
    ("explicit", "conv2d", {"filters": 2, "stride": 2, "padding": "explicit", "zeros": 2}, 6, 3),
    ("max_pool", "max-pool", {"size": 3, "stride": 2, "padding": "symmetric"}, 8, 2),
    ("max_pool_explicit", "max-pool", {"size": 4, "stride": 3, "padding": "explicit", "zeros": 2}, 7, 2),
    ("average_pool", "average-pool", {"size": 3, "stride": 2, "padding": "symmetric"}, 8, 2),
]
rng, tensors = torch.Generator().manual_seed(5), {}
for name, kind, a, side, channels in CASES:
    x = torch.randn(2, channels, side, side, generator=rng, dtype=torch.float64).float().double().requires_grad_()
    size, stride, dilation, groups = a.get("size", 3), a.get("stride", 1), a.get("dilation", 1), a.get("groups", 1)
    padding = a["zeros"] if a["padding"] == "explicit" else (dilation * (size - 1) + 1) // 2
    k = None
    if kind == "conv2d":
        k = torch.randn(a["filters"], channels // groups, size, size, generator=rng, dtype=torch.float64).float().double().requires_grad_()
        y = F.conv2d(x, k, stride=stride, padding=padding, dilation=dilation, groups=groups)
    else:
        y = (F.max_pool2d if kind == "max-pool" else F.avg_pool2d)(x, size, stride, padding)
    dy = torch.randn(y.shape, generator=rng, dtype=torch.float64).float().double()
    (y * dy).sum().backward()
    nhwc = lambda t: t.detach().permute(0, 2, 3, 1).contiguous().float().numpy()
    tensors |= {f"{name}.x": nhwc(x), f"{name}.y": nhwc(y), f"{name}.dy": nhwc(dy), f"{name}.dx": nhwc(x.grad)}
    if k is not None:
        hwio = lambda t: t.detach().permute(2, 3, 1, 0).contiguous().float().numpy()
        tensors |= {f"{name}.kernel": hwio(k), f"{name}.dkernel": hwio(k.grad)}
save_file(tensors, sys.argv[1], {"cases": json.dumps([{"name": n, "kind": k, "attributes": a} for n, k, a, *_ in CASES])})
