"""A step of PyTorch with the recorder, without it, and with hooks that only read each boundary's gradient once, in turn. Prints one JSON object; times in milliseconds."""

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
from networks import ProcResNet, Transformer  # noqa: E402
from normlab_recorder import Recorder  # noqa: E402


def images(batch, side):
    return torch.randn(batch, 3, side, side).to(memory_format=torch.channels_last)


def proc_resnet(given):
    model = ProcResNet(given.blocks, (16, 32, 64)).to(memory_format=torch.channels_last)
    return model, images(given.batch, 32), model.units


def resnet50(given):
    import torchvision

    model = torchvision.models.resnet50(num_classes=10).to(memory_format=torch.channels_last)
    return model, images(given.batch, 128), "layer*.*"


def transformer(given):
    return Transformer(6, 256, 1000), torch.randint(0, 1000, (given.batch, 128)), "blocks.*"


NETWORKS = {"proc-resnet": proc_resnet, "resnet50": resnet50, "transformer": transformer}


class Bare:
    """The least that measuring takes here: one product of each boundary's gradient with itself, in one piece, which is not exact enough."""

    def __init__(self, blocks):
        self.squares = []
        blocks[0].register_forward_pre_hook(lambda _module, inputs: self.watch(inputs[0]))
        for block in blocks:
            block.register_forward_hook(lambda _module, _inputs, output: self.watch(output))

    def watch(self, boundary):
        boundary.register_hook(self.read)

    def read(self, gradient):
        flat = gradient.as_strided((gradient.numel(),), (1,))
        self.squares.append(torch.dot(flat, flat))

    def take(self):
        self.squares.clear()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--network", choices=list(NETWORKS), default="proc-resnet")
    options.add_argument("--blocks", type=int, default=3)
    options.add_argument("--batch", type=int, default=32)
    options.add_argument("--steps", type=int, default=40)
    options.add_argument("--threads", type=int)
    given = options.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    # A network that has learnt its one batch has gradients that a processor takes twenty times as long for.
    torch.set_flush_denormal(True)
    torch.manual_seed(0)
    plain, x, blocks = NETWORKS[given.network](given)
    watched, read = copy.deepcopy(plain), copy.deepcopy(plain)
    y = torch.randint(0, 10, (given.batch,))
    optimizers = {model: torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, weight_decay=1e-4) for model in (plain, watched, read)}
    with tempfile.TemporaryDirectory() as folder, Recorder(os.path.join(folder, "run.normlab")) as recorder:
        recorder.watch(watched, watched.units if isinstance(watched, ProcResNet) else blocks)

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
            if model is read:
                bare.take()
            return (time.perf_counter() - began) * 1e3, (time.process_time() - spent) * 1e3

        names = dict((name, module) for name, module in read.named_modules())
        step(watched)
        bare = Bare([names[("units." + name) if name not in names else name] for name in recorder.units if not name.startswith("between ")])
        turns = []
        for turn in range(given.steps + 4):
            order = [plain, watched, read]
            order = order[turn % 3 :] + order[: turn % 3]
            times = {model: step(model) for model in (order if turn % 2 else reversed(order))}
            turns.append([times[model] for model in (plain, watched, read)])
        turns = turns[4:]
        # The clock of the processors says the same on a machine that does something else too; that on the wall what a person waits for.
        clocks = {}
        for index, clock in enumerate(("wall", "processor")):
            rows = [[times[index] for times in turn] for turn in turns]
            clocks[clock] = {
                "without_ms": round(statistics.median(without for without, _, _ in rows), 2),
                "with_ms": round(statistics.median(with_it for _, with_it, _ in rows), 2),
                "ratio": round(statistics.median(with_it / without for without, with_it, _ in rows), 4),
                "read_ms": round(statistics.median(only for _, _, only in rows), 2),
                "read_ratio": round(statistics.median(only / without for without, _, only in rows), 4),
            }
        units = len(recorder.units)
    print(json.dumps(dict({"torch": torch.__version__, "network": given.network, "units": units}, **clocks)))


if __name__ == "__main__":
    main()
