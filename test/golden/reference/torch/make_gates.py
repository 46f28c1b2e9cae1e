"""Values and gradients of activations that end somewhere, by PyTorch in double precision; points where their pieces meet are among what enters.

    python make_gates.py OUT      (needs torch, numpy and safetensors)
"""
import sys
import numpy as np, torch, torch.nn.functional as F
from safetensors.numpy import save_file

CASES = {
    "clipped-relu": F.relu6,
    "sigmoid": torch.sigmoid,
    "hard-sigmoid": F.hardsigmoid,
    "hard-swish": F.hardswish,
}
rng, tensors = torch.Generator().manual_seed(5), {}
x = torch.cat([4 * torch.randn(57, generator=rng), torch.tensor([-3.0, -1.0, 0.0, 1.5, 3.0, 6.0, 40.0])])
dy = torch.randn(64, generator=rng)
tensors |= {"x": x.numpy(), "dy": dy.numpy()}
for name, function in CASES.items():
    entering = x.double().requires_grad_()
    y = function(entering)
    y.backward(dy.double())
    tensors |= {f"{name}.y": y.detach().numpy(), f"{name}.dx": entering.grad.numpy()}
save_file({name: np.ascontiguousarray(value.astype(np.float32)) for name, value in tensors.items()}, sys.argv[1])
