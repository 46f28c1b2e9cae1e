"""The peer: singular values of a network's convolutions as Sedghi, Gupta and Long (2019) publish them, transform and SVD a layer.

    python spectra_peer.py numpy|torch PLANES,... BLOCKS [--wide] [--threads 2]

Convolutions of `proc-resnet` at 32x32 (stem, bottlenecks, 1x1 transitions of stride 2 as phases), of normal entries. One half of the frequencies
each, as rfft2 gives them. --wide leaves the 1x1 ones out. Prints one JSON object; times in milliseconds.
"""
import argparse, json, resource, statistics, time

import numpy as np
import torch

p = argparse.ArgumentParser()
p.add_argument("library"); p.add_argument("planes"); p.add_argument("blocks", type=int); p.add_argument("--wide", action="store_true"); p.add_argument("--threads", type=int, default=2); p.add_argument("--rounds", type=int, default=1)
o = p.parse_args()
torch.set_num_threads(o.threads)
planes = [int(word) for word in o.planes.split(",")]
shapes, size, channels = [(3, 3, planes[0] * 4, 32)], 32, planes[0] * 4
for stage, width in enumerate(planes):
    if stage > 0:
        size //= 2
        shapes.append((1, channels * 4, width * 4, size)); channels = width * 4
    for _ in range(o.blocks): shapes += [(1, channels, width, size), (3, width, width, size), (1, width, channels, size)]
shapes = [s for s in shapes if not (o.wide and s[0] == 1)]
rng = np.random.default_rng(1)
kernels = [(rng.standard_normal((k, k, cin, cout), dtype=np.float32), size) for k, cin, cout, size in shapes]


def spectrum(kernel, size):
    if o.library == "numpy":
        f = np.fft.rfft2(kernel.transpose(2, 3, 0, 1), (size, size)).transpose(2, 3, 0, 1)
        return np.linalg.svd(f, compute_uv=False)
    f = torch.fft.rfft2(torch.from_numpy(kernel).permute(2, 3, 0, 1), (size, size)).permute(2, 3, 0, 1)
    return torch.linalg.svdvals(f)


times = []
for _ in range(o.rounds):
    began = time.perf_counter()
    values = sum(spectrum(*one).size if o.library == "numpy" else spectrum(*one).numel() for one in kernels)
    times.append((time.perf_counter() - began) * 1e3)
print(json.dumps({"ms": statistics.median(times), "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "convolutions": len(kernels), "values": values}))
