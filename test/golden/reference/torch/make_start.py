"""Where networks start: the scales of layer-sequential unit variance (arXiv 1511.06422), layer by layer as its authors' program finds them, on the weights and images of
the reference's plain network without norms, by PyTorch in double precision; and the gradient's ratios of a delta-orthogonal tanh network (arXiv 1806.05393), whose
convolutions see one pixel each: of drawn matrices, and as mean-field theory has them.

    python make_start.py REFERENCE OUT      (needs torch, numpy and safetensors)
"""
import json, sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import load_file

def conv(x, kernel, stride):
    total = [max((-(-side // stride) - 1) * stride + kernel.shape[2] - side, 0) for side in x.shape[2:]]
    return F.conv2d(F.pad(x, (total[1] // 2, total[1] - total[1] // 2, total[0] // 2, total[0] - total[0] // 2)), kernel, stride=stride)

def lsuv(file):
    """The published loop: measure the layer's variance on the batch, divide the weights by its root, until it is 1; then the next layer."""
    weights = lambda name: torch.tensor(file[f"param/{name}.kernel"], dtype=torch.float64)
    x = torch.tensor(file["images"], dtype=torch.float64).permute(0, 3, 1, 2)
    names = [("stem.conv", 1)] + [
        (f"stage{s}.block{b}.conv{c}", 2 if s == 2 and b == 1 and c == 1 else 1) for s in (1, 2) for b in (1, 2) for c in (1, 2)
    ]
    scales = {}
    def settle(name, of):
        scale = 1.0
        for _ in range(10):
            variance = float(of(scale).var(unbiased=False))
            if abs(variance - 1) < 1e-12:
                break
            scale /= variance**0.5
        scales[name] = scale
        return of(scale)
    for name, stride in names:
        kernel = weights(name).permute(3, 2, 0, 1)
        x = torch.tanh(settle(name, lambda scale: conv(x, scale * kernel, stride)))
    pooled = x.mean((2, 3))
    settle("head", lambda scale: pooled @ (scale * weights("head")))
    return scales

nodes, shares = np.polynomial.hermite_e.hermegauss(101)
shares = shares / shares.sum()

def theory(blocks, q):
    """Ratio of the gradient's norms over a block of two layers, entered by a value of mean square q."""
    ratios = []
    for _ in range(blocks):
        chi = 1.0
        for _ in range(2):
            chi *= float((shares * np.cosh(np.sqrt(q) * nodes) ** -4.0).sum())
            q = float((shares * np.tanh(np.sqrt(q) * nodes) ** 2).sum())
        ratios.append(chi**0.5)
    return ratios

def drawn(blocks, q, width, rows, seed):
    """The same of orthogonal matrices, on independent rows."""
    rng = np.random.default_rng(seed)
    x, passed = rng.standard_normal((rows, width)) * q**0.5, []
    for _ in range(2 * blocks):
        w, r = np.linalg.qr(rng.standard_normal((width, width)))
        w = w * np.sign(np.diag(r))
        x = np.tanh(x @ w)
        passed.append((w, 1 - x * x))
    g = rng.standard_normal(x.shape)
    norms = [np.linalg.norm(g)]
    for w, slope in reversed(passed):
        g = (g * slope) @ w.T
        norms.append(np.linalg.norm(g))
    norms = norms[::-1]
    return [norms[2 * b] / norms[2 * b + 2] for b in range(blocks)]

BLOCKS, SQUARE = 500, 0.3
result = {
    "lsuv": lsuv(load_file(f"{sys.argv[1]}/network_plain.safetensors")),
    "critical": {"square": SQUARE, "theory": theory(BLOCKS, SQUARE), "drawn": drawn(BLOCKS, SQUARE, 64, 256, 3)},
}
with open(sys.argv[2], "w") as out:
    json.dump(result, out, indent=1)
