"""Orthogonal convolutions from their definitions (arXiv 1911.00937, algorithm 1; the strided part arXiv 2501.08076), by PyTorch in double precision: kernels by block convolution, entry by
entry, of 2x2 kernels of projectors and of a convolution whose windows lie side by side; matrices with orthonormal columns by the Cayley transform (arXiv 2104.07167), of which a
linear system is solved; outputs with circular padding, and gradients by autograd. Exponentials of skew convolutions (arXiv 2105.11417) as the exponential of the whole operator's matrix. Reflections x - 2 K^T relu(K x + b) by the operator K written
out as a matrix.

    python make_orthogonal.py OUT      (needs torch, numpy and safetensors)
"""
import sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import save_file

CASES = {  # channels, filters, size, stride, height, width
    "square": (4, 4, 3, 1, 6, 5),
    "widening": (3, 8, 3, 1, 5, 5),
    "narrowing": (6, 4, 5, 1, 6, 7),
    "strided": (4, 8, 3, 2, 6, 4),
    "lifting": (2, 12, 4, 2, 6, 8),
    "odd": (2, 9, 3, 2, 4, 6),
    "pointwise": (5, 7, 1, 1, 3, 4),
}

def cayley(w):
    if w.shape[0] < w.shape[1]:
        return cayley(w.T).T
    n = w.shape[1]
    u, v, eye = w[:n], w[n:], torch.eye(n, dtype=w.dtype)
    a = u - u.T + v.T @ v
    solve = lambda right: torch.linalg.solve(eye + a, right, left=False)
    return torch.cat([solve(eye - a), -2 * solve(v)])

def block(p, q):
    """[2, 2, c, c] of two projectors."""
    eye = torch.eye(len(p), dtype=p.dtype)
    return torch.stack([torch.stack([a @ b for b in (q, eye - q)]) for a in (p, eye - p)])

def compose(first, second):
    """The kernel of one convolution behind another, both [kh, kw, in, out]."""
    (h, w), (k, l) = first.shape[:2], second.shape[:2]
    rows = []
    for y in range(h + k - 1):
        row = []
        for x in range(w + l - 1):
            terms = [
                first[i, j] @ second[y - i, x - j]
                for i in range(h) for j in range(w) if 0 <= y - i < k and 0 <= x - j < l
            ]
            row.append(sum(terms))
        rows.append(torch.stack(row))
    return torch.stack(rows)

def kernel_of(last, factors, channels):
    s, _, inner, filters = last.shape
    kernel = cayley(last.reshape(s * s * inner, filters)).reshape(last.shape)
    if factors is not None:
        bases = [cayley(one) for one in factors]
        projectors = [v @ v.T for v in bases]
        blocks = [block(projectors[i], projectors[i + 1]) for i in range(0, len(projectors), 2)]
        for one in reversed(blocks):
            kernel = compose(one, kernel)
    return kernel[:, :, :channels]

out, rng = {}, np.random.default_rng(20)
for name, (channels, filters, size, stride, height, width) in CASES.items():
    wanted = filters / stride**2
    inner = max(channels, int(wanted)) if wanted == int(wanted) else channels
    draw = lambda *shape: torch.tensor(rng.standard_normal(shape).astype(np.float32), dtype=torch.float64, requires_grad=True)
    x, last, bias = draw(2, height, width, channels), draw(stride, stride, inner, filters), draw(filters)
    factors = draw(2 * (size - stride), inner, max(1, inner // 2)) if size > stride else None
    kernel = kernel_of(last, factors, channels)
    before = (size - stride) // 2
    behind = size - stride - before
    padded = F.pad(x.permute(0, 3, 1, 2), (before, behind, before, behind), mode="circular")
    y = F.conv2d(padded, kernel.permute(3, 2, 0, 1), bias, stride).permute(0, 2, 3, 1)
    dy = torch.tensor(rng.standard_normal(y.shape).astype(np.float32), dtype=torch.float64)
    (y * dy).sum().backward()
    tensors = {"input0": x, "kernel": last, "bias": bias, **({} if factors is None else {"factors": factors})}
    for key, value in {**tensors, "acting": kernel, "output": y, "dy": dy}.items():
        out[f"{name}.{key}"] = value.detach().numpy().astype(np.float32)
    for key, value in tensors.items():
        out[f"{name}.grad.{key}"] = value.grad.numpy().astype(np.float32)
SKEW = {"skew": (4, 4, 3, 5, 4), "skew-widening": (2, 5, 3, 3, 4), "skew-narrowing": (5, 3, 5, 4, 3)}  # channels, filters, size, height, width

def skew_matrix(kernel, height, width):
    """The convolution with zeros around as a matrix that stands to the right of an image's values (y, x, channel)."""
    size, inner = kernel.shape[0], kernel.shape[2]
    matrix = torch.zeros(height, width, inner, height, width, inner, dtype=kernel.dtype)
    for y in range(height):
        for x in range(width):
            for i in range(size):
                for j in range(size):
                    row, column = y + i - size // 2, x + j - size // 2
                    if 0 <= row < height and 0 <= column < width:
                        matrix[row, column, :, y, x, :] = kernel[i, j]
    return matrix.reshape(height * width * inner, -1)

for name, (channels, filters, size, height, width) in SKEW.items():
    inner = max(channels, filters)
    draw = lambda *shape: torch.tensor(rng.standard_normal(shape).astype(np.float32), dtype=torch.float64, requires_grad=True)
    x, learned, bias = draw(2, height, width, channels), draw(size, size, inner, inner), draw(filters)
    skew = learned - learned.flip(0, 1).transpose(2, 3)
    singular = torch.linalg.svdvals(skew.permute(0, 2, 1, 3).reshape(size * inner, size * inner))
    kernel = skew / (size * (singular**16).sum() ** (1 / 16))
    operator = torch.linalg.matrix_exp(skew_matrix(kernel, height, width))
    padded = F.pad(x, (0, inner - channels)).reshape(2, -1)
    y = (padded @ operator).reshape(2, height, width, inner)[..., :filters] + bias
    dy = torch.tensor(rng.standard_normal(y.shape).astype(np.float32), dtype=torch.float64)
    (y * dy).sum().backward()
    tensors = {"input0": x, "kernel": learned, "bias": bias}
    for key, value in {**tensors, "output": y, "dy": dy}.items():
        out[f"{name}.{key}"] = value.detach().numpy().astype(np.float32)
    for key, value in tensors.items():
        out[f"{name}.grad.{key}"] = value.grad.numpy().astype(np.float32)

REFLECTIONS = {"reflections": (4, 4, 3, 6, 5), "reflections-fewer": (5, 2, 4, 4, 6), "reflections-pointwise": (4, 3, 1, 3, 4)}  # channels, filters, size, height, width

def circular_matrix(kernel, height, width):
    """The convolution around the edges as a matrix that stands to the right of an image's values (y, x, channel)."""
    size, channels, filters = kernel.shape[0], kernel.shape[2], kernel.shape[3]
    matrix = torch.zeros(height, width, channels, height, width, filters, dtype=kernel.dtype)
    for y in range(height):
        for x in range(width):
            for i in range(size):
                for j in range(size):
                    row, column = (y + i - (size - 1) // 2) % height, (x + j - (size - 1) // 2) % width
                    matrix[row, column, :, y, x, :] = kernel[i, j]
    return matrix.reshape(height * width * channels, -1)

for name, (channels, filters, size, height, width) in REFLECTIONS.items():
    draw = lambda *shape: torch.tensor(rng.standard_normal(shape).astype(np.float32), dtype=torch.float64, requires_grad=True)
    x, last, bias = draw(2, height, width, channels), draw(1, 1, channels, filters), draw(filters)
    factors = draw(2 * (size - 1), channels, max(1, channels // 2)) if size > 1 else None
    operator = circular_matrix(kernel_of(last, factors, channels), height, width)
    seen = x.reshape(2, -1) @ operator + bias.repeat(height * width)
    y = x - 2 * (torch.relu(seen) @ operator.T).reshape(x.shape)
    dy = torch.tensor(rng.standard_normal(y.shape).astype(np.float32), dtype=torch.float64)
    (y * dy).sum().backward()
    tensors = {"input0": x, "kernel": last, "bias": bias, **({} if factors is None else {"factors": factors})}
    for key, value in {**tensors, "output": y, "dy": dy}.items():
        out[f"{name}.{key}"] = value.detach().numpy().astype(np.float32)
    for key, value in tensors.items():
        out[f"{name}.grad.{key}"] = value.grad.numpy().astype(np.float32)
save_file({key: np.ascontiguousarray(value) for key, value in out.items()}, f"{sys.argv[1]}/orthogonal.safetensors")
