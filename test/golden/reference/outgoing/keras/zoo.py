"""zoo

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('zoo.weights.h5')
Images [n, 17, 18, 3] in, logits [n, 4] out.
"""

import math

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class StandardisedConv2D(layers.Conv2D):
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
        layers.Layer.load_own_variables(self, store)


@keras.saving.register_keras_serializable("normlab")
class L2Pooling2D(layers.Layer):
    """The root of the sum of squares over windows side by side; one of zeros passes no gradient back."""

    def __init__(self, size, **options):
        super().__init__(**options)
        self.size = size

    def call(self, x):
        squares = keras.ops.average_pool(x * x, self.size, self.size) * self.size**2
        return keras.ops.sqrt(keras.ops.maximum(squares, 1e-37))


@keras.saving.register_keras_serializable("normlab")
class PaddingShortcut(layers.Layer):
    """Every stride-th pixel, and zeros for new channels (He et al. 2015, option A)."""

    def __init__(self, before, behind, stride, **options):
        super().__init__(**options)
        self.before, self.behind, self.stride = before, behind, stride

    def call(self, x):
        x = x[:, :: self.stride, :: self.stride]
        return keras.ops.pad(x, ((0, 0), (0, 0), (0, 0), (self.before, self.behind)))


@keras.saving.register_keras_serializable("normlab")
class Scale(layers.Layer):
    """All values times one learned number."""

    def __init__(self, value, **options):
        super().__init__(**options)
        self.value = value

    def build(self, shape):
        self.factor = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.value))

    def call(self, x):
        return x * self.factor


@keras.saving.register_keras_serializable("normlab")
class Shift(layers.Layer):
    """One learned number added to all values."""

    def __init__(self, value, **options):
        super().__init__(**options)
        self.value = value

    def build(self, shape):
        self.shift = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.value))

    def call(self, x):
        return x + self.shift


def pair(x, x1):
    y = StandardisedConv2D(6, 3, padding="same")(x)
    y = layers.ELU()(y)
    y = Scale(0.5)(y)
    y = layers.Rescaling(0.25)(y)
    y = Shift(0.1)(y)
    y = layers.Add()([y, x1, x])
    return y


def grown(x):
    y = layers.GroupNormalization(1, epsilon=1e-5)(x)
    y = layers.Activation("silu")(y)
    y = StandardisedConv2D(3, 3, padding="same", use_bias=False)(y)
    x = layers.Concatenate()([x, y])
    return x


def down(x):
    y = layers.Conv2D(16, 3, strides=2, padding="same", use_bias=False)(x)
    z = layers.Activation("tanh")(y)
    x = PaddingShortcut(2, 2, 2)(x)
    y = layers.Add()([y, x, z])
    return y


def network():
    """zoo."""
    inputs = keras.Input((17, 18, 3))
    x = layers.Conv2D(8, 3, strides=2, padding="same")(inputs)
    x = layers.ZeroPadding2D(2)(x)
    x = layers.Conv2D(8, 4, groups=2, use_bias=False)(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False)(x)
    x = layers.LeakyReLU(negative_slope=0.2)(x)
    x = layers.Conv2D(6, 3, padding="same", dilation_rate=2, use_bias=False)(x)
    x = layers.MaxPooling2D(3, 1, padding="same")(x)
    x = layers.AveragePooling2D(2, 1, padding="same")(x)
    x = layers.AveragePooling2D(3, 1, padding="same")(x)
    x = layers.ZeroPadding2D(1)(x)
    x = layers.AveragePooling2D(3, 1)(x)
    x = layers.MaxPooling2D(2, 1, padding="same")(x)
    x = layers.GroupNormalization(3, epsilon=1e-5)(x)
    x = layers.Activation("gelu")(x)
    x = layers.Dropout(0.5)(x)
    y = x
    for _ in range(3):
        y = pair(y, x)
    for _ in range(2):
        y = grown(y)
    y = down(y)
    y = layers.Concatenate()([y] * 2)
    y = layers.ZeroPadding2D(1)(y)
    y = layers.Conv2D(5, 2, use_bias=False)(y)
    y = L2Pooling2D(3)(y)
    y = layers.Flatten()(y)
    y = layers.Dense(12)(y)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    y = layers.Dense(4, use_bias=False)(y)
    return keras.Model(inputs, y)
