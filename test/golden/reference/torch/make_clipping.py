"""Kernels whose singular values are clipped into an interval, by numpy's FFT and SVD (Sedghi, Gupta, Long 2019, section 3).

    python make_clipping.py OUT      (needs numpy and safetensors; float64, stored as float32)
"""
import json, sys
import numpy as np
from safetensors.numpy import save_file

CASES = [  # name, shape, sides of the grid (none for a dense kernel), interval; groups and pixels between taps, where not 1
    ("conv", (3, 3, 5, 7), (8, 8), (0.5, 1.5)),
    ("oblong", (3, 3, 6, 4), (6, 9), (0.9, 1.1)),
    ("even", (2, 4, 3, 3), (7, 5), (0.0, 0.8)),
    ("wide", (5, 5, 2, 3), (5, 5), (0.2, 2.0)),
    ("pointwise", (1, 1, 6, 8), (4, 4), (0.7, 1.2)),
    ("dense", (10, 6), None, (0.6, 1.3)),
    ("grouped", (3, 3, 2, 6), (6, 7), (0.7, 1.2), 3, 1),
    ("depthwise", (3, 3, 1, 8), (5, 8), (0.8, 1.1), 4, 1),
    ("grouped pointwise", (1, 1, 3, 4), (4, 4), (0.8, 1.1), 2, 1),
    ("dilated", (3, 3, 4, 3), (8, 9), (0.7, 1.2), 1, 2),
    ("dilated in groups", (3, 2, 2, 4), (7, 9), (0.7, 1.2), 2, 3),
]

def clipped(kernel, grid, interval, groups=1, dilation=1):
    if grid is None:
        u, s, vh = np.linalg.svd(kernel, full_matrices=False)
        return (u * np.clip(s, *interval)) @ vh
    if groups > 1:
        return np.concatenate([clipped(part, grid, interval, 1, dilation) for part in np.split(kernel, groups, axis=3)], axis=3)
    taps = np.ix_(*(np.arange(side) * dilation % whole for side, whole in zip(kernel.shape[:2], grid)))
    spread = np.zeros(grid + kernel.shape[2:])
    spread[taps] = kernel
    u, s, vh = np.linalg.svd(np.fft.fft2(spread, axes=(0, 1)), full_matrices=False)
    back = np.fft.ifft2((u * np.clip(s, *interval)[..., None, :]) @ vh, axes=(0, 1))
    return back[taps].real

def settled(kernel, grid, interval, rounds, *taps):
    """Clipped again and again: after the first time five per cent of the interval's width inside of it, unless its end is 0."""
    least, greatest = interval
    margin = 0.05 * (greatest - least)
    kernel = clipped(kernel, grid, interval, *taps)
    for _ in range(rounds - 1):
        kernel = clipped(kernel, grid, (least and least + margin, greatest - margin), *taps)
    return kernel

SETTLED = {"conv": 12, "oblong": 5, "even": 3, "depthwise": 9, "dilated in groups": 6}  # rounds, fewer than they need to end

rng, tensors = np.random.default_rng(17), {}
for name, shape, grid, interval, *taps in CASES:
    kernel = (rng.standard_normal(shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32).astype(np.float64) * 1.5
    tensors |= {f"{name}.kernel": kernel.astype(np.float32), f"{name}.clipped": clipped(kernel, grid, interval, *taps).astype(np.float32)}
    if name in SETTLED: tensors[f"{name}.settled"] = settled(kernel, grid, interval, SETTLED[name], *taps).astype(np.float32)
cases = [{"name": n, "grid": g, "interval": i, "taps": dict(zip(("groups", "dilation"), t)), "rounds": SETTLED.get(n)} for n, _, g, i, *t in CASES]
save_file({n: np.ascontiguousarray(t) for n, t in tensors.items()}, sys.argv[1], {"cases": json.dumps(cases)})
