"""residual-mlp:input=4x4x1

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('residual_mlp_input_4x4x1.safetensors')); network.eval()
Images [n, 1, 4, 4] in, logits [n, 10] out.
"""

from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1 = nn.BatchNorm1d(64)
        self.dense1 = nn.Linear(64, 64, bias=False)
        self.bn2 = nn.BatchNorm1d(64)
        self.dense2 = nn.Linear(64, 64, bias=False)

    def forward(self, x):
        y = self.dense1(F.relu(self.bn1(x)))
        y = self.dense2(F.relu(self.bn2(y)))
        return x + y


class Network(nn.Module):
    """residual-mlp:input=4x4x1."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Flatten(), nn.Linear(16, 64, bias=False))
        self.block = nn.Sequential(*[Block() for _ in range(8)])
        self.end = nn.Sequential(nn.BatchNorm1d(64), nn.ReLU())
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = self.stem(x)
        x = self.block(x)
        x = self.end(x)
        return self.head(x)
