"""Steps of SOAP (arXiv 2409.11321) on kernels of a few shapes, in double precision, held against pytorch_optimizer's SOAP in single precision.

    python make_soap.py OUT      (needs PyTorch, pytorch_optimizer 4, numpy and safetensors)

Kernels are [kh, kw, in, out] or [in, out], taken as matrices [kh*kw*in, out]; a side longer than SIDE has no basis.
"""
import json, sys
import numpy as np, torch
from pytorch_optimizer import SOAP
from safetensors.numpy import save_file

STEPS, EVERY, SIDE, RATE, BETA1, BETA2, EPSILON = 7, 2, 16, 0.05, 0.9, 0.95, 1e-8
SHAPES = {"dense": (12, 12), "conv": (2, 2, 3, 12), "second": (2, 2, 3, 12), "tall": (3, 3, 4, 8), "wide": (6, 20)}

def steps(w, gradients):
    """After each gradient: the matrix."""
    w, m, v, found = w.copy(), np.zeros_like(w), np.zeros_like(w), []
    has = [side <= SIDE for side in w.shape]
    statistics = [np.zeros((side, side)) for side in w.shape]
    bases = [np.eye(side) for side in w.shape]
    turn = lambda x: bases[0].T @ x @ bases[1]
    for t, g in enumerate(gradients):
        if t > 0:
            m = BETA1 * m + (1 - BETA1) * g
            v = BETA2 * v + (1 - BETA2) * turn(g) ** 2
            adam = (turn(m) / (1 - BETA1**t)) / (np.sqrt(v / (1 - BETA2**t)) + EPSILON)
            w = w - RATE * bases[0] @ adam @ bases[1].T
        for side, gram in enumerate((g @ g.T, g.T @ g)):
            statistics[side] = BETA2 * statistics[side] + (1 - BETA2) * gram
            if not has[side]: continue
            if t == 0: bases[side] = np.linalg.eigh(statistics[side])[1][:, ::-1]
            elif t % EVERY == 0:
                q = bases[side]
                order = np.argsort(-np.diag(q.T @ statistics[side] @ q))
                v = v[order] if side == 0 else v[:, order]
                bases[side] = np.linalg.qr(statistics[side] @ q[:, order])[0]
        found.append(w)
    return found

def library(w, gradients):
    parameter = torch.nn.Parameter(torch.tensor(w, dtype=torch.float32))
    optimiser = SOAP([parameter], lr=RATE, betas=(BETA1, BETA2), weight_decay=0, precondition_frequency=EVERY, max_precondition_dim=SIDE, eps=EPSILON)
    for g in gradients:
        parameter.grad = torch.tensor(g, dtype=torch.float32)
        optimiser.step()
    return parameter.detach().numpy()

rng, tensors = np.random.default_rng(7), {}
for name, shape in SHAPES.items():
    rows, columns = int(np.prod(shape[:-1])), shape[-1]
    least = min(rows, columns)
    orthogonal = lambda n: np.linalg.qr(rng.standard_normal((n, n)))[0][:, :least]
    # Singular values apart, so that eigenvectors mean something in single precision.
    base = orthogonal(rows) * 1.2 ** np.arange(least) @ orthogonal(columns).T
    draw = lambda: (base + 0.3 * rng.standard_normal((rows, columns))).astype(np.float32)
    start, gradients = rng.standard_normal((rows, columns)).astype(np.float32), [draw() for _ in range(STEPS)]
    found = steps(start.astype(np.float64), [g.astype(np.float64) for g in gradients])
    far = np.abs(found[-1] - library(start, gradients)).max() / np.abs(found[-1] - start).max()
    print(name, far)
    assert far < 1e-3, (name, far)
    tensors[f"{name}.start"] = start.reshape(shape)
    for i, g in enumerate(gradients): tensors[f"{name}.gradient{i}"] = g.reshape(shape)
    tensors[f"{name}.moved"] = (found[-1] - start).reshape(shape).astype(np.float32)
words = {"steps": STEPS, "every": EVERY, "side": SIDE, "rate": RATE, "beta1": BETA1, "beta2": BETA2, "epsilon": EPSILON, "shapes": {n: list(s) for n, s in SHAPES.items()}}
save_file(tensors, sys.argv[1], {"soap": json.dumps(words)})
