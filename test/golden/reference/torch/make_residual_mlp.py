"""Writes residual_mlp.pth, the state of a residual net of dense layers that was trained for a few steps (Linear, BatchNorm1d), and
residual_mlp.safetensors, what PyTorch makes of it in double precision: `python make_residual_mlp.py`.

images [N, 1, 1, features], labels; of one pass in training: logits, loss, grad/<parameter>, boundary_norms, and statistics/<layer>.mean,
.variance after it; evaluated, the logits by the statistics of the .pth; singular_values/<mode>/block1 of the block's Jacobian, in inference at
image 0. Names are NormLab's; kernels are [in, out].
"""
import json, pathlib, struct
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F

here = pathlib.Path(__file__).parent
torch.manual_seed(1)
FEATURES, WIDTH, CLASSES, BATCH = 3, 6, 4, 7


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1, self.fc1 = nn.BatchNorm1d(WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
        self.bn2, self.fc2 = nn.BatchNorm1d(WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)

    def forward(self, x):
        return x + self.fc2(F.relu(self.bn2(self.fc1(F.relu(self.bn1(x))))))


class ResidualMLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Linear(FEATURES, WIDTH, bias=False)
        self.blocks = nn.Sequential(Block(), Block())
        self.bn, self.head = nn.BatchNorm1d(WIDTH), nn.Linear(WIDTH, CLASSES)

    def forward(self, x):
        self.boundaries = [self.stem(x)]
        for block in self.blocks: self.boundaries.append(block(self.boundaries[-1]))
        return self.head(F.relu(self.bn(self.boundaries[-1])))


OURS = {"stem": "stem.dense", "bn": "end.bn", "head": "head"} | {f"blocks.{i}.{a}": f"block{i + 1}.{b}" for i in range(2) for a, b in (("bn1", "bn1"), ("fc1", "dense1"), ("bn2", "bn2"), ("fc2", "dense2"))}


def ours(name):
    module, last = name.rsplit(".", 1)
    return f"{OURS[module]}.{({'weight': 'gamma', 'bias': 'beta'} if 'bn' in module.split('.')[-1] else {'weight': 'kernel', 'bias': 'bias'})[last]}"


def main():
    net = ResidualMLP()
    sgd = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
    for _ in range(8):
        x, y = torch.randn(16, FEATURES), torch.randint(0, CLASSES, (16,))
        sgd.zero_grad(); F.cross_entropy(net(x), y).backward(); sgd.step()
    torch.save(net.state_dict(), here / "residual_mlp.pth")
    net = net.double()
    x, y = torch.randn(BATCH, FEATURES).double(), torch.randint(0, CLASSES, (BATCH,))
    tensors = {"images": x.reshape(BATCH, 1, 1, FEATURES), "labels": y}
    net.eval()
    tensors["evaluated"] = net(x)
    at = net.boundaries[0].detach()
    tensors["singular_values/inference/block1"] = torch.linalg.svdvals(torch.autograd.functional.jacobian(net.blocks[0], at[:1]).reshape(WIDTH, WIDTH))
    # Twice in training: the Jacobian of a copy, so that the running statistics take one step.
    other = ResidualMLP().double(); other.load_state_dict(net.state_dict()); other.train()
    whole = torch.autograd.functional.jacobian(other.blocks[0], at).reshape(BATCH * WIDTH, BATCH * WIDTH)
    tensors["singular_values/training/block1"] = torch.linalg.svdvals(whole)
    net.train(); net.zero_grad()
    logits = net(x)
    for boundary in net.boundaries: boundary.retain_grad()
    loss = F.cross_entropy(logits, y); loss.backward()
    tensors |= {"logits": logits, "loss": loss.reshape(1), "boundary_norms": torch.stack([boundary.grad.norm() for boundary in net.boundaries])}
    for name, value in net.named_parameters(): tensors[f"grad/{ours(name)}"] = value.grad.t() if value.dim() == 2 else value.grad
    for name, value in net.named_buffers():
        module, last = name.rsplit(".", 1)
        if last != "num_batches_tracked": tensors[f"statistics/{OURS[module]}.{'mean' if last == 'running_mean' else 'variance'}"] = value
    header, data = {}, b""
    for name, value in tensors.items():
        array = value.detach().contiguous().numpy().astype("<i4" if name == "labels" else "<f4")
        header[name] = {"dtype": "I32" if name == "labels" else "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode(); text += b" " * (-len(text) % 8)
    (here / "residual_mlp.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


main()
