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
