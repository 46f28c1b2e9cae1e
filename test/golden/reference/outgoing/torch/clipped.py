"""clipped

Written by NormLab 0.1.0.
Its weights: network.load_state_dict(safetensors.torch.load_file('clipped.safetensors')); network.eval()
Images [n, 3, 6, 6] in, logits [n, 4] out.
"""

import torch
from torch import nn
from torch.nn import functional as F


class Gate(nn.Module):
    def __init__(self):
        super().__init__()
        self.excite = nn.Linear(6, 6)
        self.map = nn.Conv2d(6, 1, 3, padding=1, bias=False)

    def forward(self, x):
        y = F.hardsigmoid(self.excite(x.mean((2, 3))))
        y = y[:, :, None, None] * x
        y = y * torch.sigmoid(self.map(y))
        x = x + y
        return x * x


class Network(nn.Module):
    """clipped."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 8, 3, padding=1, bias=False)
        self.conv3 = nn.Conv2d(8, 6, 3, padding=1, bias=False)
        self.gate = Gate()
        self.dense1 = nn.Linear(6, 9)
        self.dense2 = nn.Linear(9, 9)
        self.head = nn.Linear(9, 4)

    def forward(self, x):
        x = self.conv2(F.hardtanh(self.conv1(x), 0, 0.75))
        x = F.hardswish(self.conv3(F.relu6(x)))
        x = self.gate(x)
        x = F.hardsigmoid(self.dense1(x.mean((2, 3))))
        return self.head(torch.sigmoid(self.dense2(x)))
