"""The peer: PyTorch training the network of `proc-resnet` without its projection, a step at a time.

    python peer.py --blocks 3 --batch 32 [--instrumented] [--steps 20]

Stem 3x3 to 64 channels, three stages of pre-activation bottlenecks (planes 16/32/64) with identity skips, bare 1x1 stride-2
transitions, BN-ReLU-mean-linear; SGD 0.01, momentum 0.9, weight decay 1e-4; channels_last. --instrumented also takes the
gradient's norm at every unit's input. Prints one JSON object; times in milliseconds.
"""
import argparse
import json
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional


def rectified(channels):
    return nn.Sequential(nn.BatchNorm2d(channels), nn.ReLU())


class Unit(nn.Module):
    """A bottleneck whose skip is the identity."""

    def __init__(self, planes):
        super().__init__()
        self.branch = nn.Sequential(
            rectified(4 * planes), nn.Conv2d(4 * planes, planes, 1, bias=False),
            rectified(planes), nn.Conv2d(planes, planes, 3, padding=1, bias=False),
            rectified(planes), nn.Conv2d(planes, 4 * planes, 1, bias=False))

    def forward(self, x):
        return x + self.branch(x)


def build(blocks):
    stages = [[Unit(planes) for _ in range(blocks)] for planes in (16, 32, 64)]
    between = [nn.Conv2d(64, 128, 1, stride=2, bias=False), nn.Conv2d(128, 256, 1, stride=2, bias=False)]
    units = [*stages[0], between[0], *stages[1], between[1], *stages[2]]
    return nn.ModuleDict({
        "stem": nn.Conv2d(3, 64, 3, padding=1, bias=False), "units": nn.ModuleList(units),
        "end": rectified(256), "head": nn.Linear(256, 10)})


def main():
    parser = argparse.ArgumentParser()
    for name, default in (("blocks", 3), ("batch", 32), ("steps", 20)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--instrumented", action="store_true")
    options = parser.parse_args()
    torch.manual_seed(0)
    net = build(options.blocks).to(memory_format=torch.channels_last)
    optimiser = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, weight_decay=1e-4)
    images = torch.randn(options.batch, 3, 32, 32).to(memory_format=torch.channels_last)
    labels = torch.randint(0, 10, (options.batch,))
    times = []
    for _ in range(options.steps + 3):
        start, norms = time.perf_counter(), []
        optimiser.zero_grad(set_to_none=True)
        x = net["stem"](images)
        for unit in net["units"]:
            if options.instrumented:
                x.register_hook(lambda g: norms.append(torch.linalg.vector_norm(g)))
            x = unit(x)
        loss = functional.cross_entropy(net["head"](net["end"](x).mean((2, 3))), labels)
        loss.backward()
        optimiser.step()
        if norms:
            torch.stack(norms).tolist()
        loss.item()
        times.append((time.perf_counter() - start) * 1e3)
    kept = times[3:]
    print(json.dumps({
        "torch": torch.__version__, "ms_median": statistics.median(kept), "ms_min": min(kept), "ms_first": times[0],
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
