"""norms

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('norms.weights.h5')
Images [n, 6, 6, 3] in, logits [n, 4] out.
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


def network():
    """norms."""
    inputs = keras.Input((6, 6, 3))
    x = StandardisedConv2D(8, 3, padding="same", use_bias=False)(inputs)
    x = layers.GroupNormalization(2, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = Scale(0.5)(x)
    x = layers.GroupNormalization(1, epsilon=1e-5)(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(9)(x)
    x = Shift(0)(x)
    x = layers.GroupNormalization(3)(x)
    x = layers.Dense(4)(x)
    return keras.Model(inputs, x)
