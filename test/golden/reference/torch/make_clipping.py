"""Kernels whose singular values are clipped into an interval, by numpy's FFT and SVD (Sedghi, Gupta, Long 2019, section 3).

    python make_clipping.py OUT      (needs numpy and safetensors; float64, stored as float32)
"""
import json, sys
import numpy as np
from safetensors.numpy import save_file

CASES = [  # name, shape, sides of the grid (none for a dense kernel), interval
    ("conv", (3, 3, 5, 7), (8, 8), (0.5, 1.5)),
    ("oblong", (3, 3, 6, 4), (6, 9), (0.9, 1.1)),
    ("even", (2, 4, 3, 3), (7, 5), (0.0, 0.8)),
    ("wide", (5, 5, 2, 3), (5, 5), (0.2, 2.0)),
    ("pointwise", (1, 1, 6, 8), (4, 4), (0.7, 1.2)),
    ("dense", (10, 6), None, (0.6, 1.3)),
]

def clipped(kernel, grid, interval):
    if grid is None:
        u, s, vh = np.linalg.svd(kernel, full_matrices=False)
        return (u * np.clip(s, *interval)) @ vh
    kh, kw = kernel.shape[:2]
    u, s, vh = np.linalg.svd(np.fft.fft2(kernel, grid, axes=(0, 1)), full_matrices=False)
    back = np.fft.ifft2((u * np.clip(s, *interval)[..., None, :]) @ vh, axes=(0, 1))
    return back[:kh, :kw].real

rng, tensors = np.random.default_rng(17), {}
for name, shape, grid, interval in CASES:
    kernel = (rng.standard_normal(shape) / np.sqrt(np.prod(shape[:-1]))).astype(np.float32).astype(np.float64) * 1.5
    tensors |= {f"{name}.kernel": kernel.astype(np.float32), f"{name}.clipped": clipped(kernel, grid, interval).astype(np.float32)}
cases = [{"name": n, "grid": g, "interval": i} for n, _, g, i in CASES]
save_file({n: np.ascontiguousarray(t) for n, t in tensors.items()}, sys.argv[1], {"cases": json.dumps(cases)})
