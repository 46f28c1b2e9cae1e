"""A step of PyTorch with and without the recorder, one after the other. Prints one JSON object; times in milliseconds."""

import argparse
import copy
import json
import os
import statistics
import sys
import tempfile
import time

import torch
import torch.nn.functional as F

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(here, "../../recorder"), os.path.join(here, "../../recorder/tests")]
from networks import ProcResNet  # noqa: E402
from normlab_recorder import Recorder  # noqa: E402


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--blocks", type=int, default=3)
    options.add_argument("--batch", type=int, default=32)
    options.add_argument("--steps", type=int, default=40)
    options.add_argument("--threads", type=int)
    given = options.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    plain = ProcResNet(given.blocks, (16, 32, 64)).to(memory_format=torch.channels_last)
    watched = copy.deepcopy(plain)
    x = torch.randn(given.batch, 3, 32, 32).to(memory_format=torch.channels_last)
    y = torch.randint(0, 10, (given.batch,))
    optimizers = {model: torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=1e-4) for model in (plain, watched)}
    with tempfile.TemporaryDirectory() as folder, Recorder(os.path.join(folder, "run.normlab")) as recorder:
        recorder.watch(watched, watched.units)

        def step(model):
            began, spent = time.perf_counter(), time.process_time()
            optimizers[model].zero_grad(set_to_none=True)
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizers[model].step()
            if model is watched:
                recorder.step(loss=loss, optimizer=optimizers[model])
            else:
                loss.item()
            return (time.perf_counter() - began) * 1e3, (time.process_time() - spent) * 1e3

        pairs = [(step(plain), step(watched)) if turn % 2 else tuple(reversed((step(watched), step(plain)))) for turn in range(given.steps + 4)][4:]
        # The clock of the processors says the same on a machine that does something else too; that on the wall what a person waits for.
        clocks = {}
        for index, clock in enumerate(("wall", "processor")):
            both = [(without[index], with_it[index]) for without, with_it in pairs]
            clocks[clock] = {
                "without_ms": round(statistics.median(without for without, _ in both), 2),
                "with_ms": round(statistics.median(with_it for _, with_it in both), 2),
                "ratio": round(statistics.median(with_it / without for without, with_it in both), 4),
            }
        units = len(recorder.units)
    print(json.dumps(dict({"torch": torch.__version__, "units": units}, **clocks)))


if __name__ == "__main__":
    main()
