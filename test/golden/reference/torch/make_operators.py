"""Singular values of convolutions that are dilated, depthwise, padded by a number, or on images that are no square: explicit matrices in float64.

    python make_operators.py OUT      (needs torch, numpy and safetensors)
"""
import json, math, sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import save_file

CASES = [  # name, kernel side, in, out, [height, width], stride, padding, groups, dilation
    ("dilated_circular", 3, 3, 4, [7, 6], 1, "circular", 1, 2),
    ("dilated_circular_strided", 3, 2, 5, [8, 8], 2, "circular", 1, 3),
    ("dilated_same", 3, 3, 3, [7, 7], 1, "same", 1, 2),
    ("dilated_padded", 3, 4, 4, [8, 6], 2, 2, 2, 2),
    ("depthwise_circular", 3, 5, 10, [6, 6], 1, "circular", 5, 1),
    ("depthwise_padded", 5, 4, 4, [7, 5], 1, 2, 4, 1),
    ("rectangular_same", 3, 2, 3, [4, 9], 2, "same", 1, 1),
    ("explicit_wide", 3, 2, 2, [5, 5], 1, 3, 1, 1),
]
rng, tensors, index = torch.Generator().manual_seed(11), {}, []


def pads(padding, side, reach, stride):
    if padding != "same": return padding, padding
    pad = max((math.ceil(side / stride) - 1) * stride + reach - side, 0)
    return pad // 2, pad - pad // 2


for name, k, cin, cout, (h, w), stride, padding, groups, dilation in CASES:
    kernel = torch.randn(k, k, cin // groups, cout, generator=rng, dtype=torch.float64).float().double() / math.sqrt(k * k * cin / groups)
    kernel = kernel.float().double()
    reach = dilation * (k - 1) + 1
    x = torch.eye(cin * h * w, dtype=torch.float64).reshape(-1, cin, h, w)
    if padding == "circular":
        rows, columns = [(torch.arange(side + reach - 1) % side) for side in (h, w)]
        x = x[:, :, rows][:, :, :, columns]
        # as many outputs as strides begin within the image
    else:
        x = F.pad(x, (*pads(padding, w, reach, stride), *pads(padding, h, reach, stride)))
    y = F.conv2d(x, kernel.permute(3, 2, 0, 1), stride=stride, groups=groups, dilation=dilation)
    s = np.linalg.svd(y.reshape(cin * h * w, -1).T.numpy(), compute_uv=False)
    p, q = s / s.sum(), s**2 / (s**2).sum()
    entropy = lambda p: -(p[p > 0] * np.log(p[p > 0])).sum()
    summary = {"largest": s[0], "smallest": s[-1], "median": np.median(s), "frobenius": np.linalg.norm(s), "condition": s[0] / s[-1], "stableRank": (s**2).sum() / s[0]**2,
               "effectiveRank": np.exp(entropy(p)), "entropy": entropy(q) / np.log(len(s)), "withinOne": np.mean(abs(s - 1) <= 0.25), "isometryDistance": np.sqrt(np.mean((s - 1)**2)), "count": len(s)}
    tensors |= {f"{name}.kernel": kernel.float().numpy(), f"{name}.singular_values": s.astype(np.float32)}
    index.append({"name": name, "size": [h, w], "stride": stride, "padding": padding, "groups": groups, "dilation": dilation, "summary": {key: float(value) for key, value in summary.items()}})
save_file(tensors, sys.argv[1], {"cases": json.dumps(index)})
