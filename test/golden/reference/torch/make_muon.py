"""Steps of Muon on kernels of a few shapes, entry by entry in double precision, held against PyTorch's own Muon (which rounds to bfloat16 on its way).

    python make_muon.py OUT      (needs PyTorch 2.9 or later, numpy and safetensors)

Kernels are [kh, kw, in, out] or [in, out]; PyTorch's matrices are [out, kh*kw*in].
"""
import json, sys
import numpy as np, torch
from safetensors.numpy import save_file

STEPS, RATE, MOMENTUM, DECAY = 3, 0.05, 0.9, 0.1
QUINTIC = [(3.4445, -4.7750, 2.0315)] * 5
SHAPES = {"conv": (3, 3, 4, 8), "tall": (3, 3, 8, 4), "pointwise": (1, 1, 6, 6), "dense": (12, 20)}

def isometry(matrix, method):
    if method == "svd":
        u, _, vh = np.linalg.svd(matrix, full_matrices=False)
        return u @ vh
    x = matrix / (np.linalg.norm(matrix) + 1e-7)
    wide = x if x.shape[0] <= x.shape[1] else x.T
    for a, b, c in QUINTIC:
        gram = wide @ wide.T
        wide = a * wide + (b * gram + c * gram @ gram) @ wide
    return wide if x.shape[0] <= x.shape[1] else wide.T

def gain(out, inside, scale):
    return max(1, out / inside) ** 0.5 if scale == "original" else 0.2 * max(out, inside) ** 0.5

def ours(start, gradients, method, scale):
    w, mean = start.copy(), np.zeros_like(start)
    for g in gradients:
        mean = MOMENTUM * mean + (1 - MOMENTUM) * g
        ahead = (1 - MOMENTUM) * g + MOMENTUM * mean
        w = w * (1 - RATE * DECAY) - RATE * gain(*w.shape, scale) * isometry(ahead, method)
    return w

def torchs(start, gradients, scale):
    w = torch.nn.Parameter(torch.tensor(start, dtype=torch.float32))
    adjust = {"original": "original", "rms": "match_rms_adamw"}[scale]
    optimiser = torch.optim.Muon([w], lr=RATE, momentum=MOMENTUM, weight_decay=DECAY, nesterov=True, adjust_lr_fn=adjust)
    for g in gradients:
        w.grad = torch.tensor(g, dtype=torch.float32)
        optimiser.step()
    return w.detach().numpy()

rng, tensors = np.random.default_rng(5), {}
for name, shape in SHAPES.items():
    draw = lambda: (rng.standard_normal(shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32)
    start, gradients = draw(), [draw() for _ in range(STEPS)]
    flat = lambda t: t.reshape(-1, shape[-1]).T.astype(np.float64)
    tensors[f"{name}.start"] = start
    for i, g in enumerate(gradients): tensors[f"{name}.gradient{i}"] = g
    for method in ("quintic", "svd"):
        for scale in ("original", "rms"):
            found = ours(flat(start), [flat(g) for g in gradients], method, scale)
            if method == "quintic":
                far = np.abs(found - torchs(flat(start), [flat(g) for g in gradients], scale)).max() / np.abs(found - flat(start)).max()
                assert far < 0.03, (name, scale, far)
            tensors[f"{name}.{method}.{scale}"] = np.ascontiguousarray(found.T.reshape(shape)).astype(np.float32)
words = {"steps": STEPS, "rate": RATE, "momentum": MOMENTUM, "decay": DECAY, "shapes": {n: list(s) for n, s in SHAPES.items()}}
save_file(tensors, sys.argv[1], {"muon": json.dumps(words)})
