"""Writes traced-in-place.fx beside this, as the recorder's export_network does, with the logits that PyTorch gives for two images. Needs torch and safetensors."""

import os
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F
from safetensors.torch import save_file

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "../../../../recorder"))
from normlab_recorder import export_network  # noqa: E402


class InPlace(nn.Module):
    """What is copied and what is not before it is changed in place; means whose windows reach over the far edges."""

    def __init__(self):
        super().__init__()
        self.conv, self.skip, self.head = nn.Conv2d(3, 4, 3), nn.Conv2d(4, 4, 1), nn.Linear(4, 3)
        self.last, self.drop = nn.Conv2d(4, 4, 1), nn.Dropout(0.2)

    def forward(self, x):
        x = F.avg_pool2d(self.conv(x), 2, ceil_mode=True)
        # A copy, since these pixels do not lie next to one another: x is not rectified.
        part = F.relu_(x[:, :, ::2, ::2].contiguous())
        x = self.skip(x)[:, :, ::2, ::2] + part
        # In evaluation the same memory: x is rectified as well.
        y = F.relu_(self.drop(x))
        return self.head((x + self.last(y)).mean((2, 3)))


if __name__ == "__main__":
    torch.manual_seed(13)
    model, x = InPlace().eval(), torch.randn(2, 3, 13, 13)
    export_network(model, os.path.join(here, "traced-in-place.fx"), (3, 13, 13))
    with torch.no_grad():
        save_file({"images": x.permute(0, 2, 3, 1).contiguous(), "logits": model(x)}, os.path.join(here, "traced-in-place.safetensors"))
