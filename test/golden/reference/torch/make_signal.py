"""Signals on their way forward (mean square, variance, branch variance) of the reference's networks, by PyTorch in double precision from their weights
and images; and what mean-field theory says of wide layers, by two-dimensional Gauss-Hermite quadrature.

    python make_signal.py REFERENCE OUT      (needs torch, numpy and safetensors)
"""
import json, sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import load_file

def conv(x, kernel, stride=1):
    k = torch.tensor(kernel, dtype=torch.float64).permute(3, 2, 0, 1)
    total = [max((-(-side // stride) - 1) * stride + k.shape[2] - side, 0) for side in x.shape[2:]]
    x = F.pad(x, (total[1] // 2, total[1] - total[1] // 2, total[0] // 2, total[0] - total[0] // 2))
    return F.conv2d(x, k, stride=stride)

def norm(x, p, name):
    mean, variance = x.mean((0, 2, 3), keepdim=True), x.var((0, 2, 3), unbiased=False, keepdim=True)
    g, b = (torch.tensor(p[f"{name}.{n}"], dtype=torch.float64)[:, None, None] for n in ("gamma", "beta"))
    return (x - mean) / torch.sqrt(variance + 1e-5) * g + b

def moments(x):
    return float((x**2).mean()), float(x.var((0, 2, 3), unbiased=False).mean())

def signal(file, form):
    p = {k.removeprefix("param/"): v for k, v in file.items() if k.startswith("param/")}
    x = torch.tensor(file["images"], dtype=torch.float64).permute(0, 3, 1, 2)
    x = conv(x, p["stem.conv.kernel"])
    if form != "preact_basic":
        x = F.relu(norm(x, p, "stem.bn"))
    entering, branches = [], []
    for name, stride in [("stage1.block1", 1), ("stage1.block2", 1), ("stage2.block1", 2), ("stage2.block2", 1)]:
        entering.append(moments(x))
        at = lambda part: f"{name}.{part}"
        if form == "preact_basic":
            y = F.relu(norm(x, p, at("bn1")))
            skip = conv(y, p[at("shortcut.conv.kernel")], stride) if at("shortcut.conv.kernel") in p else x
            y = conv(F.relu(norm(conv(y, p[at("conv1.kernel")], stride), p, at("bn2"))), p[at("conv2.kernel")])
            branches.append(moments(y)[1])
            x = skip + y
            continue
        y = F.relu(norm(conv(x, p[at("conv1.kernel")], stride), p, at("bn1")))
        y = norm(conv(y, p[at("conv2.kernel")]), p, at("bn2"))
        if form == "resnet":
            branches.append(moments(y)[1])
            skip = norm(conv(x, p[at("shortcut.conv.kernel")], stride), p, at("shortcut.bn")) if at("shortcut.conv.kernel") in p else x
            y = y + skip
        else:
            branches.append(None)
        x = F.relu(y)
    entering.append(moments(x))
    return {"meanSquares": [m for m, _ in entering], "variances": [v for _, v in entering], "branchVariances": branches}

nodes, weights = np.polynomial.hermite_e.hermegauss(101)
weights = weights / weights.sum()

def passed(phi, q, k):
    """Mean squares and products of phi of two normal numbers with variance q and covariance k."""
    c = k / q
    z, w = np.meshgrid(nodes, nodes, indexing="ij")
    both = np.outer(weights, weights)
    other = c * z + np.sqrt(1 - c * c) * w
    return float((weights * phi(np.sqrt(q) * nodes) ** 2).sum()), float((both * phi(np.sqrt(q) * z) * phi(np.sqrt(q) * other)).sum())

maps = []
for name, phi, gain in [("tanh", np.tanh, 1.0), ("tanh", np.tanh, 1.7), ("swish", lambda x: x / (1 + np.exp(-x)), 1.5)]:
    q, k, course = 1.2, 0.3, []
    for _ in range(20):
        q, k = passed(phi, q, k)
        course.append([q, k])
        q, k = gain * q, gain * k
    maps.append({"kind": name, "gain": gain, "start": [1.2, 0.3], "course": course})

# Of straight pieces: the trapezoid rule on many points in the place of Gauss's.
nodes = np.linspace(-8, 8, 4001)
weights = np.exp(-nodes**2 / 2) / np.exp(-nodes**2 / 2).sum()
hard = lambda x: np.clip(x / 6 + 0.5, 0, 1)
for name, phi, gain in [("sigmoid", lambda x: 1 / (1 + np.exp(-x)), 3.0), ("clipped-relu", lambda x: np.clip(x, 0, 6), 2.0), ("hard-sigmoid", hard, 5.0), ("hard-swish", lambda x: x * hard(x), 1.6)]:
    q, k, course = 1.2, 0.3, []
    for _ in range(5):
        q, k = passed(phi, q, k)
        course.append([q, k])
        q, k = gain * q, gain * k
    maps.append({"kind": name, "gain": gain, "start": [1.2, 0.3], "course": course})

networks = {name: signal(load_file(f"{sys.argv[1]}/network_{name}.safetensors"), name) for name in ("resnet", "plain", "preact_basic")}
with open(sys.argv[2], "w") as out:
    json.dump({"networks": networks, "maps": maps}, out, indent=1)
