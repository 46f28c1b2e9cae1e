const HEAD = '@keras.saving.register_keras_serializable("normlab")\n'

/** Layers that Keras lacks, as they stand at the head of a network's source where it has them. */
export const kerasModules: Readonly<Record<string, string>> = {
  StandardisedConv2D: `${HEAD}class StandardisedConv2D(layers.Conv2D):
    """A convolution whose filters are standardised at every use (Brock, De and Smith 2021), times a learned gain."""

    def __init__(self, *arguments, epsilon=1e-6, **options):
        super().__init__(*arguments, **options)
        self.epsilon = epsilon

    def build(self, shape):
        super().build(shape)
        self.gain = self.add_weight(shape=(self.filters,), initializer="ones", name="gain")

    def call(self, x):
        mean, variance = keras.ops.moments(self.kernel, (0, 1, 2), keepdims=True)
        share = self.gain / math.prod(self.kernel.shape[:3]) ** 0.5
        kernel = (self.kernel - mean) * keras.ops.rsqrt(variance + self.epsilon) * share
        y = keras.ops.conv(x, kernel, self.strides, self.padding, self.data_format, self.dilation_rate)
        return y + self.bias if self.use_bias else y

    # A convolution's own would leave the gain out.
    def save_own_variables(self, store):
        layers.Layer.save_own_variables(self, store)

    def load_own_variables(self, store):
        layers.Layer.load_own_variables(self, store)`,
  wrapped: `def wrapped(x, before, behind):
    """Images that go on at one edge where they end at the other, so many pixels more before and behind."""
    x = keras.ops.concatenate([x[:, x.shape[1] - before :], x, x[:, :behind]], 1)
    return keras.ops.concatenate([x[:, :, x.shape[2] - before :], x, x[:, :, :behind]], 2)`,
  CircularPadding2D: `${HEAD}class CircularPadding2D(layers.Layer):
    """Images that go on at one edge where they end at the other."""

    def __init__(self, before, behind, **options):
        super().__init__(**options)
        self.before, self.behind = before, behind

    def call(self, x):
        return wrapped(x, self.before, self.behind)`,
  ConvolutionSeries: `${HEAD}class ConvolutionSeries(layers.Layer):
    """x + Jx + J²x/2! + …, J a convolution, of so many terms behind x; with zeros for channels that x lacks."""

    def __init__(self, filters, kernel_size, terms, use_bias=True, **options):
        super().__init__(**options)
        self.filters, self.kernel_size, self.terms, self.use_bias = filters, kernel_size, terms, use_bias

    def build(self, shape):
        inner = max(shape[-1], self.filters)
        self.kernel = self.add_weight(shape=(self.kernel_size, self.kernel_size, inner, inner))
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer="zeros")

    def call(self, x):
        y = term = keras.ops.pad(x, ((0, 0), (0, 0), (0, 0), (0, self.kernel.shape[2] - x.shape[3])))
        for n in range(1, self.terms + 1):
            term = keras.ops.conv(term, self.kernel / n, padding="same")
            y = y + term
        y = y[..., : self.filters]
        return y + self.bias if self.use_bias else y`,
  Reflections: `${HEAD}class Reflections(layers.Layer):
    """x − 2Kᵀ·ReLU(Kx + b), K a convolution around the image's edges."""

    def __init__(self, filters, kernel_size, use_bias=True, **options):
        super().__init__(**options)
        self.filters, self.kernel_size, self.use_bias = filters, kernel_size, use_bias

    def build(self, shape):
        self.kernel = self.add_weight(shape=(self.kernel_size, self.kernel_size, shape[-1], self.filters))
        if self.use_bias:
            self.bias = self.add_weight(shape=(self.filters,), initializer="zeros")

    def call(self, x):
        before = (self.kernel_size - 1) // 2
        behind = self.kernel_size - 1 - before
        seen = keras.ops.conv(wrapped(x, before, behind), self.kernel, padding="valid")
        y = keras.ops.relu(seen + self.bias if self.use_bias else seen)
        back = keras.ops.transpose(keras.ops.flip(self.kernel, (0, 1)), (0, 1, 3, 2))
        return x - 2 * keras.ops.conv(wrapped(y, behind, before), back, padding="valid")`,
  PaddedMaxPooling2D: `${HEAD}class PaddedMaxPooling2D(layers.Layer):
    """Max pooling with so many pixels around that are never the largest."""

    def __init__(self, size, strides, padding, **options):
        super().__init__(**options)
        self.size, self.strides, self.padding = size, strides, padding

    def call(self, x):
        around = (self.padding, self.padding)
        x = keras.ops.pad(x, ((0, 0), around, around, (0, 0)), constant_values=float("-inf"))
        return keras.ops.max_pool(x, self.size, self.strides)`,
  L2Pooling2D: `${HEAD}class L2Pooling2D(layers.Layer):
    """The root of the sum of squares over windows side by side; one of zeros passes no gradient back."""

    def __init__(self, size, **options):
        super().__init__(**options)
        self.size = size

    def call(self, x):
        squares = keras.ops.average_pool(x * x, self.size, self.size) * self.size**2
        return keras.ops.sqrt(keras.ops.maximum(squares, 1e-37))`,
  GlobalL2Pooling2D: `${HEAD}class GlobalL2Pooling2D(layers.Layer):
    """Each channel's Euclidean norm."""

    def call(self, x):
        return keras.ops.sqrt(keras.ops.maximum(keras.ops.sum(x * x, (1, 2)), 1e-37))`,
  PaddingShortcut: `${HEAD}class PaddingShortcut(layers.Layer):
    """Every stride-th pixel, and zeros for new channels (He et al. 2015, option A)."""

    def __init__(self, before, behind, stride, **options):
        super().__init__(**options)
        self.before, self.behind, self.stride = before, behind, stride

    def call(self, x):
        x = x[:, :: self.stride, :: self.stride]
        return keras.ops.pad(x, ((0, 0), (0, 0), (0, 0), (self.before, self.behind)))`,
  Attention: `${HEAD}class Attention(layers.Layer):
    """Scaled dot-product attention in heads; each place of an image is a token."""

    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def call(self, inputs):
        _, height, width, channels = inputs[2].shape
        q, k, v = (keras.ops.reshape(x, (-1, height * width, self.heads, x.shape[3] // self.heads)) for x in inputs)
        return keras.ops.reshape(keras.ops.dot_product_attention(q, k, v), (-1, height, width, channels))

    def compute_output_shape(self, shapes):
        return shapes[2]`,
  Position: `${HEAD}class Position(layers.Layer):
    """A learned number for each channel of each place."""

    def __init__(self, deviation, **options):
        super().__init__(**options)
        self.deviation = deviation

    def build(self, shape):
        self.shift = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=self.deviation))

    def call(self, x):
        return x + self.shift`,
  ClassToken: `${HEAD}class ClassToken(layers.Layer):
    """Learned tokens before an image's own, which become one column."""

    def __init__(self, tokens, deviation, **options):
        super().__init__(**options)
        self.tokens, self.deviation = tokens, deviation

    def build(self, shape):
        self.shift = self.add_weight(shape=(self.tokens, shape[-1]), initializer=keras.initializers.RandomNormal(stddev=self.deviation))

    def call(self, x):
        own = keras.ops.reshape(x, (-1, x.shape[1] * x.shape[2], 1, x.shape[3]))
        tokens = keras.ops.zeros_like(own[:, :1]) + keras.ops.expand_dims(self.shift, 1)
        return keras.ops.concatenate([tokens, own], 1)`,
  Token: `${HEAD}class Token(layers.Layer):
    """The channels of a single place."""

    def __init__(self, place, **options):
        super().__init__(**options)
        self.place = place

    def call(self, x):
        return x[:, self.place // x.shape[2], self.place % x.shape[2]]`,
  Absolute: `${HEAD}class Absolute(layers.Layer):
    """Each value without its sign."""

    def call(self, x):
        return keras.ops.abs(x)`,
  Channels: `${HEAD}class Channels(layers.Layer):
    """Some channels that lie behind one another."""

    def __init__(self, first, count, **options):
        super().__init__(**options)
        self.first, self.count = first, count

    def call(self, x):
        return x[..., self.first : self.first + self.count]`,
  Scale: `${HEAD}class Scale(layers.Layer):
    """All values times one learned number."""

    def __init__(self, value, **options):
        super().__init__(**options)
        self.value = value

    def build(self, shape):
        self.factor = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.value))

    def call(self, x):
        return x * self.factor`,
  Shift: `${HEAD}class Shift(layers.Layer):
    """One learned number added to all values."""

    def __init__(self, value, **options):
        super().__init__(**options)
        self.value = value

    def build(self, shape):
        self.shift = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.value))

    def call(self, x):
        return x + self.shift`,
}
