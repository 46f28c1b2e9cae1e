"""Penalties on kernels that draw them towards orthogonal ones, from their definitions, by PyTorch in double precision, with gradients by autograd: of the kernel's matrix (arXiv 1810.09102),
and of the operator (arXiv 1911.12207), where a filter's product with a shifted one is a sum over the pixels that both cover, for every shift that the stride makes.

    python make_penalties.py OUT      (needs torch, numpy and safetensors)
"""
import sys
import numpy as np, torch
from safetensors.numpy import save_file

CASES = {  # size, channels, filters, stride; a dense kernel has size 0
    "tall": (3, 4, 6, 1),
    "wide": (1, 3, 8, 1),
    "strided": (3, 4, 8, 2),
    "five": (5, 2, 3, 2),
    "pointwise": (1, 6, 4, 2),
    "even": (2, 3, 5, 1),
    "dense": (0, 7, 4, 1),
}

def of_matrix(kernel):
    w = kernel.reshape(-1, kernel.shape[-1])
    return ((w.T @ w - torch.eye(w.shape[1], dtype=w.dtype)) ** 2).sum()

def of_operator(kernel, stride):
    size, filters = kernel.shape[0], kernel.shape[3]
    total = 0
    reach = (size - 1) // stride
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            y, x = dy * stride, dx * stride
            rows, columns = size - abs(y), size - abs(x)
            first = kernel[max(y, 0) : max(y, 0) + rows, max(x, 0) : max(x, 0) + columns]
            second = kernel[max(-y, 0) : max(-y, 0) + rows, max(-x, 0) : max(-x, 0) + columns]
            met = torch.einsum("yxco,yxcp->op", first, second)
            wanted = torch.eye(filters, dtype=kernel.dtype) if dy == dx == 0 else 0
            total = total + ((met - wanted) ** 2).sum()
    return total

out, rng = {}, np.random.default_rng(5)
for name, (size, channels, filters, stride) in CASES.items():
    shape = (channels, filters) if size == 0 else (size, size, channels, filters)
    values = (rng.standard_normal(shape) * 0.4).astype(np.float32)
    out[f"{name}.values"] = values
    for form, penalty in {"kernel": of_matrix, "operator": lambda k: of_operator(k, stride) if k.dim() == 4 else of_matrix(k)}.items():
        kernel = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        penalty(kernel).backward()
        out[f"{name}.{form}"] = kernel.grad.numpy().astype(np.float32)
save_file({key: np.ascontiguousarray(value) for key, value in out.items()}, f"{sys.argv[1]}/penalties.safetensors")
