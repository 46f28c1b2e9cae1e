"""Activations that end somewhere, products of two values, and a network with gates (squeeze and excitation, Hu et al. 2018), by PyTorch in double precision.

    python make_gates.py OUT      (needs torch, numpy and safetensors)

Activations: x, dy, and <kind>.y, .dx; points where their pieces meet are among what enters. Products: <case>.a, .b, .dy, .y, .da, .db. The network: se.images,
se.labels, se.param/<parameter>, and of one pass in training se.logits, se.loss, se.grad/<parameter>, se.norms of the gradient at each boundary, the end last.
Layouts are NormLab's: images [N, H, W, C], kernels [kh, kw, in, out] and [in, out].
"""
import sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import save_file

rng, tensors = torch.Generator().manual_seed(5), {}
randn = lambda *shape: torch.randn(*shape, generator=rng)

x = torch.cat([4 * randn(57), torch.tensor([-3.0, -1.0, 0.0, 1.5, 3.0, 6.0, 40.0])])
dy = randn(64)
tensors |= {"x": x, "dy": dy}
for name, function in {"clipped-relu": F.relu6, "sigmoid": torch.sigmoid, "hard-sigmoid": F.hardsigmoid, "hard-swish": F.hardswish}.items():
    entering = x.double().requires_grad_()
    y = function(entering)
    y.backward(dy.double())
    tensors |= {f"{name}.y": y, f"{name}.dx": entering.grad}

for name, a, b in [("equal", (2, 3, 4, 5), (2, 3, 4, 5)), ("channels", (2, 3, 4, 5), (2, 5)), ("pixel", (2, 1, 1, 5), (2, 3, 4, 5)), ("places", (2, 3, 4, 5), (2, 3, 4, 1))]:
    a, b = (randn(*shape).double().requires_grad_() for shape in (a, b))
    image = lambda v: v[:, None, None] if v.dim() == 2 else v
    y = image(a) * image(b)
    dy = randn(*y.shape)
    y.backward(dy.double())
    tensors |= {f"{name}.a": a, f"{name}.b": b, f"{name}.dy": dy, f"{name}.y": y, f"{name}.da": a.grad, f"{name}.db": b.grad}

# se-resnet:blocks=2,widths=4/6,ratio=2,padding=symmetric on 8×8×3, three classes
p = {}


def parameter(name, *shape, start=0.0):
    p[name] = (start + randn(*shape) * (0.3 if len(shape) == 1 else (2 / np.prod(shape[:-1])) ** 0.5)).float().double().requires_grad_()


def norm(name, channels):
    parameter(f"{name}.gamma", channels, start=1.0)
    parameter(f"{name}.beta", channels)


parameter("stem.conv.kernel", 3, 3, 3, 4)
norm("stem.bn", 4)
widths = {"stage1.block1": (4, 4), "stage1.block2": (4, 4), "stage2.block1": (4, 6), "stage2.block2": (6, 6)}
for at, (entering, width) in widths.items():
    for i, channels in ((1, entering), (2, width)):
        parameter(f"{at}.conv{i}.kernel", 3, 3, channels, width)
        norm(f"{at}.bn{i}", width)
    for part, shape in {"squeeze": (width, width // 2), "excite": (width // 2, width)}.items():
        parameter(f"{at}.gate.{part}.kernel", *shape)
        parameter(f"{at}.gate.{part}.bias", shape[1])
    if entering != width:
        parameter(f"{at}.shortcut.conv.kernel", 1, 1, entering, width)
        norm(f"{at}.shortcut.bn", width)
parameter("head.kernel", 6, 3)
parameter("head.bias", 3)

conv = lambda x, at, stride=1: F.conv2d(x, p[f"{at}.kernel"].permute(3, 2, 0, 1), stride=stride, padding=p[f"{at}.kernel"].shape[0] // 2)
bn = lambda x, at: F.batch_norm(x, None, None, p[f"{at}.gamma"], p[f"{at}.beta"], training=True, eps=1e-5)
dense = lambda x, at: x @ p[f"{at}.kernel"] + p[f"{at}.bias"]
images, labels = randn(4, 8, 8, 3), torch.tensor([0, 2, 1, 1])
x = F.relu(bn(conv(images.double().permute(0, 3, 1, 2), "stem.conv"), "stem.bn"))
boundaries = [x]
for at, (entering, width) in widths.items():
    stride = 1 if entering == width else 2
    y = F.relu(bn(conv(x, f"{at}.conv1", stride), f"{at}.bn1"))
    y = bn(conv(y, f"{at}.conv2"), f"{at}.bn2")
    gate = torch.sigmoid(dense(F.relu(dense(y.mean((2, 3)), f"{at}.gate.squeeze")), f"{at}.gate.excite"))
    y = y * gate[:, :, None, None]
    x = F.relu(y + (x if entering == width else bn(conv(x, f"{at}.shortcut.conv", stride), f"{at}.shortcut.bn")))
    boundaries.append(x)
for boundary in boundaries:
    boundary.retain_grad()
logits = dense(x.mean((2, 3)), "head")
loss = F.cross_entropy(logits, labels)
loss.backward()
tensors |= {"se.images": images, "se.logits": logits, "se.loss": loss.reshape(1), "se.norms": torch.stack([one.grad.norm() for one in boundaries])}
tensors |= {f"se.param/{name}": value for name, value in p.items()} | {f"se.grad/{name}": value.grad for name, value in p.items()}
numbers = {name: np.ascontiguousarray(value.detach().numpy().astype(np.float32)) for name, value in tensors.items()}
save_file(numbers | {"se.labels": labels.numpy().astype(np.int32)}, sys.argv[1])
