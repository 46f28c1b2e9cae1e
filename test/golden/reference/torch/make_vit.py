"""Small Vision Transformers with their norms in four places, by PyTorch's own nn.MultiheadAttention, nn.LayerNorm, nn.RMSNorm and nn.Linear in double precision:
vit_<placement>.safetensors in OUT.

    python make_vit.py OUT      (needs torch 2.4 or later, numpy and safetensors)

images [N, H, W, 3], labels, param/<name>; of one pass logits, loss, grad/<name>, boundary_norms, signal/<part>; singular_values/<unit> of the unit's
Jacobian at image 0. Names are NormLab's, kernels [1, 1, in, out] or [in, out].
"""
import pathlib, sys
import numpy as np, torch, torch.nn as nn, torch.nn.functional as F
from safetensors.numpy import save_file

WIDTH, HEADS, MLP, PATCH, SIDE, CLASSES, BATCH, BLOCKS = 6, 2, 2, 2, 6, 3, 4, 2
NORMS = {"pre": nn.LayerNorm, "post": nn.RMSNorm, "peri": nn.LayerNorm, "deepnorm": nn.LayerNorm}
ALPHA, BETA = (2 * BLOCKS) ** 0.25, (8 * BLOCKS) ** -0.25


class Attention(nn.Module):
    def __init__(self):
        super().__init__()
        self.mha = nn.MultiheadAttention(WIDTH, HEADS, batch_first=True)

    def forward(self, x):
        return self.mha(x, x, x, need_weights=False)[0]


class Sublayer(nn.Module):
    def __init__(self, inner, placement):
        super().__init__()
        norm = lambda: NORMS[placement](WIDTH, eps=1e-5)
        self.inner, self.placement, self.norm = inner, placement, norm()
        if placement == "peri":
            self.norm2 = norm()

    def branch(self, x):
        if self.placement == "pre":
            return self.inner(self.norm(x))
        if self.placement == "peri":
            return self.norm2(self.inner(self.norm(x)))
        return self.inner(x)

    def forward(self, x):
        if self.placement == "post":
            return self.norm(x + self.branch(x))
        if self.placement == "deepnorm":
            return self.norm(ALPHA * x + self.branch(x))
        return x + self.branch(x)


class ViT(nn.Module):
    def __init__(self, placement):
        super().__init__()
        self.patches = nn.Conv2d(3, WIDTH, PATCH, PATCH)
        self.position = nn.Parameter(torch.randn((SIDE // PATCH) ** 2, WIDTH))
        mlp = lambda: nn.Sequential(nn.Linear(WIDTH, MLP * WIDTH), nn.GELU(), nn.Linear(MLP * WIDTH, WIDTH))
        self.units = nn.ModuleList(Sublayer(Attention() if i % 2 == 0 else mlp(), placement) for i in range(2 * BLOCKS))
        self.end = NORMS[placement](WIDTH, eps=1e-5) if placement in ("pre", "peri") else nn.Identity()
        self.head = nn.Linear(WIDTH, CLASSES)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2) + self.position
        self.boundaries, self.branches = [x], []
        for unit in self.units:
            self.branches.append(unit.branch(x).detach())
            x = unit(x)
            self.boundaries.append(x)
        return self.head(self.end(x).mean(1))


def ours(net, value):
    """What each tensor is here: name, and how it is laid out."""
    kernel = lambda matrix: matrix.t()[None, None]
    found = {"stem.patches.kernel": value(net.patches.weight).permute(2, 3, 1, 0), "stem.patches.bias": value(net.patches.bias)}
    found["stem.position.beta"] = value(net.position).reshape(SIDE // PATCH, SIDE // PATCH, WIDTH)
    found |= {"head.kernel": value(net.head.weight).t(), "head.bias": value(net.head.bias)}

    def norm(name, module):
        found[f"{name}.gamma"] = value(module.weight)
        if isinstance(module, nn.LayerNorm):
            found[f"{name}.beta"] = value(module.bias)

    if not isinstance(net.end, nn.Identity):
        norm("end.norm", net.end)
    for i, unit in enumerate(net.units):
        at = f"block{i // 2 + 1}.{'attention' if i % 2 == 0 else 'mlp'}"
        for name in ("norm", "norm2"):
            if hasattr(unit, name):
                norm(f"{at}.{name}", getattr(unit, name))
        if i % 2 == 0:
            mha = unit.inner.mha
            for word, weight, bias in zip("qkv", value(mha.in_proj_weight).chunk(3), value(mha.in_proj_bias).chunk(3)):
                found |= {f"{at}.{word}.kernel": kernel(weight), f"{at}.{word}.bias": bias}
            found |= {f"{at}.out.kernel": kernel(value(mha.out_proj.weight)), f"{at}.out.bias": value(mha.out_proj.bias)}
        else:
            for place, word in ((0, "dense1"), (2, "dense2")):
                found |= {f"{at}.{word}.kernel": kernel(value(unit.inner[place].weight)), f"{at}.{word}.bias": value(unit.inner[place].bias)}
    return found


def main(placement, out):
    torch.manual_seed(5)
    net = ViT(placement).double()
    with torch.no_grad():
        for parameter in net.parameters():
            # As single precision has them, far from symmetric; scales stay near 1.
            start = 1.0 if parameter.dim() == 1 and parameter.shape[0] == WIDTH and (parameter == 1).all() else 0.0
            spread = 0.3 if parameter.dim() == 1 else 1.2 * parameter[0].numel() ** -0.5
            parameter.copy_((start + spread * torch.randn(parameter.shape)).float().double())
    images, labels = torch.randn(BATCH, 3, SIDE, SIDE).double(), torch.randint(0, CLASSES, (BATCH,))
    logits = net(images)
    for boundary in net.boundaries:
        boundary.retain_grad()
    loss = F.cross_entropy(logits, labels)
    loss.backward()
    variance = lambda x: x.detach().var((0, 1), unbiased=False).mean()
    tensors = {f"param/{name}": value for name, value in ours(net, lambda p: p.detach()).items()}
    tensors |= {f"grad/{name}": value for name, value in ours(net, lambda p: p.grad).items()}
    tensors |= {"images": images.permute(0, 2, 3, 1), "labels": labels, "logits": logits, "loss": loss.reshape(1)}
    tensors["boundary_norms"] = torch.stack([boundary.grad.norm() for boundary in net.boundaries])
    tensors["signal/meanSquares"] = torch.stack([(x.detach() ** 2).mean() for x in net.boundaries])
    tensors["signal/variances"] = torch.stack([variance(x) for x in net.boundaries])
    tensors["signal/branchVariances"] = torch.stack([variance(x) for x in net.branches])
    for i, name in ((0, "block1.attention"), (3, "block2.mlp")):
        at = net.boundaries[i].detach()[:1]
        matrix = torch.autograd.functional.jacobian(net.units[i], at).reshape(at.numel(), at.numel())
        tensors[f"singular_values/{name}"] = torch.linalg.svdvals(matrix)
    save_file(
        {name: np.ascontiguousarray(value.detach().numpy().astype("<i4" if name == "labels" else "<f4")) for name, value in tensors.items()},
        out / f"vit_{placement}.safetensors",
    )


for placement in NORMS:
    main(placement, pathlib.Path(sys.argv[1]))
