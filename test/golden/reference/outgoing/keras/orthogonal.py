"""orthogonal

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('orthogonal.weights.h5')
6 × Orthogonal convolution: written as a convolution with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
5 × Reflections: written as x − 2Kᵀ·ReLU(Kx + b) with the kernel K that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Images [n, 8, 12, 3] in, logits [n, 4] out.
"""

import keras
from keras import layers


def wrapped(x, before, behind):
    """Images that go on at one edge where they end at the other, so many pixels more before and behind."""
    x = keras.ops.concatenate([x[:, x.shape[1] - before :], x, x[:, :behind]], 1)
    return keras.ops.concatenate([x[:, :, x.shape[2] - before :], x, x[:, :, :behind]], 2)


@keras.saving.register_keras_serializable("normlab")
class CircularPadding2D(layers.Layer):
    """Images that go on at one edge where they end at the other."""

    def __init__(self, before, behind, **options):
        super().__init__(**options)
        self.before, self.behind = before, behind

    def call(self, x):
        return wrapped(x, self.before, self.behind)


@keras.saving.register_keras_serializable("normlab")
class Reflections(layers.Layer):
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
        return x - 2 * keras.ops.conv(wrapped(y, behind, before), back, padding="valid")


@keras.saving.register_keras_serializable("normlab")
class Absolute(layers.Layer):
    """Each value without its sign."""

    def call(self, x):
        return keras.ops.abs(x)


@keras.saving.register_keras_serializable("normlab")
class Channels(layers.Layer):
    """Some channels that lie behind one another."""

    def __init__(self, first, count, **options):
        super().__init__(**options)
        self.first, self.count = first, count

    def call(self, x):
        return x[..., self.first : self.first + self.count]


def network():
    """orthogonal."""
    inputs = keras.Input((8, 12, 3))
    x = CircularPadding2D(1, 1)(inputs)
    x = layers.Conv2D(8, 3)(x)
    x = Absolute()(x)
    x = Channels(1, 6)(x)
    for _ in range(2):
        x = Reflections(4, 3)(x)
        x = Reflections(3, 2, use_bias=False)(x)
        x = CircularPadding2D(0, 1)(x)
        x = layers.Conv2D(6, 2, use_bias=False)(x)
    x = CircularPadding2D(1, 1)(x)
    x = layers.Conv2D(8, 4, strides=2, use_bias=False)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(12, 2, strides=2)(x)
    x = layers.Conv2D(5, 1, use_bias=False)(x)
    x = Reflections(5, 1)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(4)(x)
    return keras.Model(inputs, x)
