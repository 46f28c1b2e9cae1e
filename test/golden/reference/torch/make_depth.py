"""Writes depth.json and depth.safetensors, depth as a knob by PyTorch: `python make_depth.py`.

depth.json: for L = 2, 8, 32 blocks, base 4, the names of all parameters of a residual net of dense layers without norms, inside and outside of its
blocks; for alpha = 0, 1/2, 1 and SGD, Adam, AdamW the branches' multiplier and [rate, epsilon] of either, at rate 0.1 and epsilon 1e-3. Prettier lays it out. With m = L/base, by hand: multiplier m^-alpha; for the Adam family rate times m^(alpha-1)
inside blocks and epsilon times m^-alpha everywhere, as nanoGPT-mup's branch completep has them; for SGD rate times m^(2*alpha-1). alpha = 0 is no knob.

depth.safetensors: a net of 8 blocks, features 3, width 6, 4 classes, for each alpha and optimiser: images, labels, initial/<parameter>; <case>/logits, <case>/losses
of three steps, <case>/final/<parameter>, by torch.optim with one group a parameter, in double precision. Weight decay 0.01, momentum 0.9. Kernels are [in, out].
"""
import json, pathlib, struct
import torch, torch.nn as nn, torch.nn.functional as F

here = pathlib.Path(__file__).parent
FEATURES, WIDTH, CLASSES, BATCH, BASE, RATE, EPSILON, DECAY = 3, 6, 4, 7, 4, 0.1, 1e-3, 0.01
ALPHAS, OPTIMISERS = (0.0, 0.5, 1.0), ("sgd", "adam", "adamw")


class Net(nn.Module):
    def __init__(self, blocks, multiplier):
        super().__init__()
        self.multiplier = multiplier
        self.stem, self.head = nn.Linear(FEATURES, WIDTH), nn.Linear(WIDTH, CLASSES)
        self.first = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(blocks))
        self.second = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(blocks))

    def forward(self, x):
        x = self.stem(x)
        for first, second in zip(self.first, self.second): x = x + self.multiplier * second(F.relu(first(F.relu(x))))
        return self.head(F.relu(x))


def ours(name):
    parts = name.split(".")
    layer = {"stem": "stem.dense", "head": "head"}.get(parts[0]) or f"block{int(parts[1]) + 1}.dense{1 if parts[0] == 'first' else 2}"
    return f"{layer}.{'kernel' if parts[-1] == 'weight' else 'bias'}"


def told(blocks, alpha, optimiser, name):
    """Rate and epsilon of a parameter."""
    if alpha == 0: return RATE, EPSILON
    m = blocks / BASE
    inside = m ** (2 * alpha - 1) if optimiser == "sgd" else m ** (alpha - 1)
    return RATE * (inside if name.startswith("block") else 1), EPSILON * m ** -alpha


def multiplier(blocks, alpha):
    return (blocks / BASE) ** -alpha


def optimiser_of(net, blocks, alpha, optimiser):
    groups = []
    for name, value in net.named_parameters():
        rate, epsilon = told(blocks, alpha, optimiser, ours(name))
        groups.append({"params": [value], "lr": rate} | ({} if optimiser == "sgd" else {"eps": epsilon}))
    if optimiser == "sgd": return torch.optim.SGD(groups, lr=RATE, momentum=0.9, weight_decay=DECAY)
    return (torch.optim.Adam if optimiser == "adam" else torch.optim.AdamW)(groups, lr=RATE, weight_decay=DECAY)


def main():
    table, members = [], {}
    for blocks in (2, 8, 32):
        names = [ours(name) for name, _ in Net(blocks, 1).named_parameters()]
        members[blocks] = {"inside": [name for name in names if name.startswith("block")], "outside": [name for name in names if not name.startswith("block")]}
        for alpha in ALPHAS:
            for optimiser in OPTIMISERS:
                table.append({"blocks": blocks, "alpha": alpha, "optimiser": optimiser, "multiplier": multiplier(blocks, alpha)} | {part: told(blocks, alpha, optimiser, some[0]) for part, some in members[blocks].items()})
    (here / "depth.json").write_text(json.dumps({"base": BASE, "rate": RATE, "epsilon": EPSILON, "decay": DECAY, "members": members, "cases": table}, indent=2) + "\n")

    torch.manual_seed(1)
    blocks = 8
    start = Net(blocks, 1).double()
    x, y = torch.randn(BATCH, FEATURES).double(), torch.randint(0, CLASSES, (BATCH,))
    tensors = {"images": x.reshape(BATCH, 1, 1, FEATURES), "labels": y}
    oriented = lambda value: value.detach().clone().t() if value.dim() == 2 else value.detach().clone()
    for name, value in start.named_parameters(): tensors[f"initial/{ours(name)}"] = oriented(value)
    for alpha in ALPHAS:
        for optimiser in OPTIMISERS:
            net = Net(blocks, multiplier(blocks, alpha)).double()
            net.load_state_dict(start.state_dict())
            steps, losses, case = optimiser_of(net, blocks, alpha, optimiser), [], f"{alpha:g}/{optimiser}"
            for step in range(3):
                logits = net(x)
                if step == 0: tensors[f"{case}/logits"] = logits
                loss = F.cross_entropy(logits, y)
                losses.append(loss.detach())
                steps.zero_grad(); loss.backward(); steps.step()
            tensors[f"{case}/losses"] = torch.stack(losses)
            for name, value in net.named_parameters(): tensors[f"{case}/final/{ours(name)}"] = oriented(value)
    header, data = {}, b""
    for name, value in tensors.items():
        array = value.detach().contiguous().numpy().astype("<i4" if name == "labels" else "<f4")
        header[name] = {"dtype": "I32" if name == "labels" else "F32", "shape": list(array.shape), "data_offsets": [len(data), len(data) + array.nbytes]}
        data += array.tobytes()
    text = json.dumps(header).encode(); text += b" " * (-len(text) % 8)
    (here / "depth.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


main()
