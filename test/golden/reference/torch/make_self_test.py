"""Three steps of a small residual network from given parameters and images, which NormLab's self-test repeats.

    python make_self_test.py      (needs PyTorch; float64; prints what main/engine/tasks/self-test.ts holds)

The network is resnet:blocks=1,widths=4/8 on images of 8x8x3 with 5 classes: its definition is in ../README.md.
"""
import json, math
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
BATCH, CLASSES, RATE, MOMENTUM, DECAY = 4, 5, 0.05, 0.9, 1e-4
value = lambda i: 0.4 * math.sin(1.7 * i + 0.5) + 0.3 * math.cos(0.31 * i)
single = lambda numbers: torch.tensor(numbers, dtype=torch.float32).double()

SHAPES = {  # in the order of the vector of parameters; kernels [height, width, in, out]
    "stem": (3, 3, 3, 4), "stem.g": (4,), "stem.b": (4,),
    "a1": (3, 3, 4, 4), "a1.g": (4,), "a1.b": (4,), "a2": (3, 3, 4, 4), "a2.g": (4,), "a2.b": (4,),
    "b1": (3, 3, 4, 8), "b1.g": (8,), "b1.b": (8,), "b2": (3, 3, 8, 8), "b2.g": (8,), "b2.b": (8,),
    "s": (1, 1, 4, 8), "s.g": (8,), "s.b": (8,), "head": (8, 5), "head.b": (5,),
}
weights, at = {}, 0
for name, shape in SHAPES.items():
    count = math.prod(shape)
    weights[name] = single([value(i) for i in range(at, at + count)]).reshape(shape).requires_grad_()
    at += count

def convolve(x, name, stride=1):
    kernel = weights[name].permute(3, 2, 0, 1)
    side = kernel.shape[2]
    # TensorFlow's SAME: as many zeros as are needed, the smaller half first.
    total = max(side - stride, 0) if x.shape[2] % stride == 0 else max(side - x.shape[2] % stride, 0)
    x = F.pad(x, (total // 2, total - total // 2, total // 2, total - total // 2))
    x = F.conv2d(x, kernel, stride=stride)
    mean = x.mean((0, 2, 3), keepdim=True)
    variance = x.var((0, 2, 3), unbiased=False, keepdim=True)
    shaped = lambda vector: weights[vector].reshape(1, -1, 1, 1)
    return (x - mean) / torch.sqrt(variance + 1e-5) * shaped(name + ".g") + shaped(name + ".b")

speed = {name: torch.zeros_like(weight) for name, weight in weights.items()}
told = {"losses": [], "norms": [], "gradientNorms": []}
for step in range(1, 4):
    images = single([value(1000 * step + i) for i in range(BATCH * 192)]).reshape(BATCH, 8, 8, 3).permute(0, 3, 1, 2)
    labels = torch.tensor([(i + step) % CLASSES for i in range(BATCH)])
    first = torch.relu(convolve(images, "stem"))
    second = torch.relu(first + convolve(torch.relu(convolve(first, "a1")), "a2"))
    third = torch.relu(convolve(second, "s", 2) + convolve(torch.relu(convolve(second, "b1", 2)), "b2"))
    loss = F.cross_entropy(third.mean((2, 3)) @ weights["head"] + weights["head.b"], labels)
    boundaries = [first, second, third]
    gradients = torch.autograd.grad(loss, boundaries + list(weights.values()))
    told["losses"].append(loss.item())
    told["norms"].append([gradient.norm().item() for gradient in gradients[:3]])
    told["gradientNorms"].append(torch.cat([gradient.flatten() for gradient in gradients[3:]]).norm().item())
    with torch.no_grad():
        for (name, weight), gradient in zip(weights.items(), gradients[3:]):
            speed[name] = MOMENTUM * speed[name] + gradient + DECAY * weight
            weight -= RATE * speed[name]
print(json.dumps(told))
