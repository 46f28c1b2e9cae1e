"""Writes the small files of this folder with PyTorch and numpy: `python make_torch.py`. Forms hold the same tensors, which expected.json lists.

proc_resnet.pth and preact_resnet.pth are networks that were trained for a few steps, behind DataParallel, with a batch of images and PyTorch's
logits of it by moving statistics beside them.
"""
import argparse, collections, json, os, pathlib, struct
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

here = pathlib.Path(__file__).parent
torch.manual_seed(1)


class Caller:
    def __reduce__(self): return os.system, ("touch /tmp/normlab-was-run",)


def forms():
    base = torch.arange(100, dtype=torch.float32)
    kernel = (torch.arange(54, dtype=torch.float32) / 8).reshape(2, 3, 3, 3).contiguous(memory_format=torch.channels_last)
    shared = torch.arange(6, dtype=torch.float32).reshape(2, 3)
    state = collections.OrderedDict([
        ("kernel", kernel), ("tail", base[5:]), ("one", shared), ("two", shared.t()), ("parameter", nn.Parameter(torch.tensor([1.5, -2.0]))),
        ("half", torch.tensor([1.0, 0.333251953125, -65504.0], dtype=torch.float16)), ("brain", torch.tensor([1.0, -1.0, 3.140625], dtype=torch.bfloat16)),
        ("double", torch.tensor([0.1, -1e-3], dtype=torch.float64)), ("long", torch.tensor(7)), ("bytes", torch.tensor([0, 255], dtype=torch.uint8)),
        ("flag", torch.tensor([True, False])), ("empty", torch.zeros(0, 5)),
    ])
    expected = {k: {"shape": list(v.shape), "values": v.detach().double().flatten().tolist()} for k, v in state.items()}
    (here / "expected.json").write_text(json.dumps(expected) + "\n")
    behind = {"net": collections.OrderedDict(("module." + k, v) for k, v in state.items()), "acc": np.float64(91.5), "epoch": 3, "args": argparse.Namespace(lr=0.1)}
    torch.save(behind, here / "zip.pth")
    torch.save(behind, here / "legacy.pth", _use_new_zipfile_serialization=False)
    torch.save({"state_dict": state, "optimizer": {"state": {0: {"momentum_buffer": torch.ones(3)}}}}, here / "state_dict.pt")
    torch.save(state, here / "bare.pt")
    torch.save({"c": torch.zeros(2, dtype=torch.complex64), "w": torch.ones(2), "s": torch.eye(2).to_sparse(), "u": torch.tensor([65535], dtype=torch.uint16)}, here / "other.pt")
    np.savez_compressed(here / "arrays.npz", **{"half": np.array([1, 0.333251953125], "<f2"), "double": np.array([[0.1], [2]]), "fortran": np.asfortranarray(np.arange(6, dtype="f4").reshape(2, 3))})
    module = nn.Sequential(nn.Conv2d(1, 2, 3))
    torch.save(module, here / "module.pt")
    torch.save(module, here / "module_legacy.pt", _use_new_zipfile_serialization=False)
    torch.save({"net": Caller()}, here / "calls.pt")
    torch.jit.save(torch.jit.script(module), here / "script.pt")


class Bottleneck(nn.Module):
    def __init__(self, width, planes):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(width), nn.Conv2d(width, planes, 1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(planes), nn.Conv2d(planes, planes, 3, padding=1, bias=False)
        self.bn3, self.conv3 = nn.BatchNorm2d(planes), nn.Conv2d(planes, 4 * planes, 1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x)))
        return x + self.conv3(F.relu(self.bn3(self.conv2(F.relu(self.bn2(y))))))


class ProcResNet(nn.Module):
    """One block a stage, narrow: stem, stage, transition, stage, transition, stage, end."""

    def __init__(self, planes=(2, 4, 8)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 4 * planes[0], 3, padding=1, bias=False)
        self.layer1 = nn.Sequential(Bottleneck(4 * planes[0], planes[0]))
        self.trans1 = nn.Conv2d(4 * planes[0], 4 * planes[1], 1, stride=2, bias=False)
        self.layer2 = nn.Sequential(Bottleneck(4 * planes[1], planes[1]))
        self.trans2 = nn.Conv2d(4 * planes[1], 4 * planes[2], 1, stride=2, bias=False)
        self.layer3 = nn.Sequential(Bottleneck(4 * planes[2], planes[2]))
        self.bn, self.linear = nn.BatchNorm2d(4 * planes[2]), nn.Linear(4 * planes[2], 10)

    def forward(self, x):
        x = self.layer3(self.trans2(self.layer2(self.trans1(self.layer1(self.conv1(x))))))
        return self.linear(F.relu(self.bn(x)).mean((2, 3)))


class Basic(nn.Module):
    def __init__(self, cin, width, stride):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(cin), nn.Conv2d(cin, width, 3, stride=stride, padding=1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(width), nn.Conv2d(width, width, 3, padding=1, bias=False)
        if stride > 1: self.shortcut = nn.Sequential(nn.Conv2d(cin, width, 1, stride=stride, bias=False))

    def forward(self, x):
        y = F.relu(self.bn1(x))
        return (self.shortcut(y) if hasattr(self, "shortcut") else x) + self.conv2(F.relu(self.bn2(self.conv1(y))))


class PreactResNet(nn.Module):
    """Basic blocks, with 3×3 convolutions of stride 2."""

    def __init__(self, widths=(4, 8)):
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 3, padding=1, bias=False)
        self.layer1, self.layer2 = nn.Sequential(Basic(widths[0], widths[0], 1)), nn.Sequential(Basic(widths[0], widths[1], 2))
        self.bn, self.linear = nn.BatchNorm2d(widths[1]), nn.Linear(widths[1], 10)

    def forward(self, x):
        return self.linear(F.relu(self.bn(self.layer2(self.layer1(self.conv1(x))))).mean((2, 3)))


def networks():
    for name, net, legacy in (("proc_resnet", ProcResNet(), False), ("preact_resnet", PreactResNet(), True)):
        sgd = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
        for _ in range(5):
            x, y = torch.randn(16, 3, 16, 16), torch.randint(0, 10, (16,))
            sgd.zero_grad(); F.cross_entropy(net(x), y).backward(); sgd.step()
        net.eval()
        images = torch.randn(8, 3, 16, 16)
        with torch.no_grad(): logits = net(images)
        state = nn.DataParallel(net).state_dict()
        torch.save({"net": state, "acc": np.float64(10), "epoch": 5}, here / f"{name}.pth", _use_new_zipfile_serialization=not legacy)
        tensors = {"images": images.permute(0, 2, 3, 1).contiguous(), "logits": logits}
        header, data, at = {}, b"", 0
        for k, v in tensors.items():
            b = v.numpy().astype("<f4").tobytes(); header[k] = {"dtype": "F32", "shape": list(v.shape), "data_offsets": [at, at + len(b)]}; at += len(b); data += b
        text = json.dumps(header).encode(); text += b" " * (-len(text) % 8)
        (here / f"{name}_logits.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


forms(); networks()
