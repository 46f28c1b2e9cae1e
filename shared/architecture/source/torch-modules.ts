/** Modules that PyTorch lacks, as they stand at the head of a network's source where it has them. */
export const torchModules: Readonly<Record<string, string>> = {
  StandardisedConv2d: `class StandardisedConv2d(nn.Conv2d):
    """A convolution whose filters are standardised at every use (Brock, De and Smith 2021), times a learned gain."""

    def __init__(self, *arguments, epsilon=1e-6, **options):
        super().__init__(*arguments, **options)
        self.epsilon = epsilon
        self.gain = nn.Parameter(torch.ones(self.out_channels))

    def forward(self, x):
        mean = self.weight.mean((1, 2, 3), keepdim=True)
        variance = self.weight.var((1, 2, 3), unbiased=False, keepdim=True)
        share = self.gain.view(-1, 1, 1, 1) / self.weight[0].numel() ** 0.5
        kernel = (self.weight - mean) * torch.rsqrt(variance + self.epsilon) * share
        return self._conv_forward(x, kernel, self.bias)`,
  Absolute: `class Absolute(nn.Module):
    """Each value without its sign."""

    def forward(self, x):
        return torch.abs(x)`,
  Channels: `class Channels(nn.Module):
    """So many channels from one on."""

    def __init__(self, first, count):
        super().__init__()
        self.first, self.count = first, count

    def forward(self, x):
        return x[:, self.first : self.first + self.count]`,
  ConvolutionSeries: `class ConvolutionSeries(nn.Conv2d):
    """x + Jx + J²x/2! + …, J a convolution, of so many terms behind x; with zeros for channels that x lacks."""

    def __init__(self, channels, filters, size, terms, bias=True):
        inner = max(channels, filters)
        super().__init__(inner, inner, size, padding=size // 2, bias=False)
        self.filters, self.terms = filters, terms
        self.bias = nn.Parameter(torch.zeros(filters)) if bias else None

    def forward(self, x):
        y = term = F.pad(x, (0, 0, 0, 0, 0, self.in_channels - x.shape[1]))
        for n in range(1, self.terms + 1):
            term = self._conv_forward(term, self.weight / n, None)
            y = y + term
        y = y[:, : self.filters]
        return y if self.bias is None else y + self.bias.view(-1, 1, 1)`,
  Reflections: `class Reflections(nn.Conv2d):
    """x − 2Kᵀ·ReLU(Kx + b), K a convolution around the image's edges."""

    def forward(self, x):
        before = (self.kernel_size[0] - 1) // 2
        behind = self.kernel_size[0] - 1 - before
        y = F.relu(super().forward(F.pad(x, (before, behind, before, behind), mode="circular")))
        back = self.weight.flip(2, 3).transpose(0, 1)
        return x - 2 * F.conv2d(F.pad(y, (behind, before, behind, before), mode="circular"), back)`,
  SameAvgPool2d: `class SameAvgPool2d(nn.Module):
    """Means over those pixels of each window that are there, the windows where TensorFlow's SAME has them."""

    def __init__(self, size, stride):
        super().__init__()
        self.size, self.stride = size, stride

    def forward(self, x):
        pads = []
        for side in (x.shape[3], x.shape[2]):
            added = max((-(-side // self.stride) - 1) * self.stride + self.size - side, 0)
            pads += [added // 2, added - added // 2]
        there = F.pad(torch.ones_like(x[:1, :1]), pads)
        return F.avg_pool2d(F.pad(x, pads), self.size, self.stride) / F.avg_pool2d(there, self.size, self.stride)`,
  L2Pool2d: `class L2Pool2d(nn.Module):
    """The root of the sum of squares over windows side by side; one of zeros passes no gradient back."""

    def __init__(self, size):
        super().__init__()
        self.size = size

    def forward(self, x):
        squares = F.avg_pool2d(x * x, self.size) * self.size**2
        return squares.clamp_min(torch.finfo(x.dtype).tiny).sqrt()`,
  GlobalL2Pool2d: `class GlobalL2Pool2d(nn.Module):
    """Each channel's Euclidean norm."""

    def forward(self, x):
        return torch.linalg.vector_norm(x, dim=(2, 3))`,
  Duplicate: `class Duplicate(nn.Module):
    """Copies of all channels behind one another."""

    def __init__(self, times):
        super().__init__()
        self.times = times

    def forward(self, x):
        return x.repeat(1, self.times, 1, 1)`,
  PaddingShortcut: `class PaddingShortcut(nn.Module):
    """Every stride-th pixel, and zeros for new channels (He et al. 2015, option A)."""

    def __init__(self, before, behind, stride):
        super().__init__()
        self.before, self.behind, self.stride = before, behind, stride

    def forward(self, x):
        return F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, self.before, self.behind))`,
  LayerNorm2d: `class LayerNorm2d(nn.LayerNorm):
    """Layer norm of the channels at each place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)`,
  RMSNorm2d: `class RMSNorm2d(nn.RMSNorm):
    """RMS norm of the channels at each place."""

    def forward(self, x):
        return super().forward(x.movedim(1, -1)).movedim(-1, 1)`,
  Attention: `class Attention(nn.Module):
    """Scaled dot-product attention in heads; each place of an image is a token."""

    def __init__(self, heads):
        super().__init__()
        self.heads = heads

    def forward(self, *inputs):
        q, k, v = (x.flatten(2).unflatten(1, (self.heads, -1)).transpose(2, 3) for x in inputs)
        y = F.scaled_dot_product_attention(q, k, v).transpose(2, 3)
        return y.reshape(inputs[2].shape)`,
  Position: `class Position(nn.Module):
    """A learned number for each channel of each place."""

    def __init__(self, height, width, channels, deviation):
        super().__init__()
        self.bias = nn.Parameter(deviation * torch.randn(height, width, channels))

    def forward(self, x):
        return x + self.bias.movedim(-1, 0)`,
  ClassToken: `class ClassToken(nn.Module):
    """Learned tokens before an image's own, which become one column."""

    def __init__(self, tokens, channels, deviation):
        super().__init__()
        self.bias = nn.Parameter(deviation * torch.randn(tokens, channels))

    def forward(self, x):
        tokens = self.bias.T.expand(len(x), -1, -1)
        return torch.cat([tokens, torch.flatten(x, 2)], 2).unsqueeze(3)`,
  Token: `class Token(nn.Module):
    """The channels of a single place."""

    def __init__(self, place):
        super().__init__()
        self.place = place

    def forward(self, x):
        return torch.flatten(x, 2)[:, :, self.place]`,
  Scale: `class Scale(nn.Module):
    """All values times one learned number."""

    def __init__(self, value):
        super().__init__()
        self.weight = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x * self.weight`,
  FixedScale: `class FixedScale(nn.Module):
    """All values times one number."""

    def __init__(self, value):
        super().__init__()
        self.value = value

    def forward(self, x):
        return x * self.value`,
  Shift: `class Shift(nn.Module):
    """One learned number added to all values."""

    def __init__(self, value):
        super().__init__()
        self.bias = nn.Parameter(torch.full((1,), float(value)))

    def forward(self, x):
        return x + self.bias`,
}
