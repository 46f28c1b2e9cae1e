"""skew

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('skew.weights.h5')
4 × Skew orthogonal convolution: written as the series of convolutions that it is, with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Skew orthogonal convolution: written as a convolution with the kernel that its parametrisation gives; training it further elsewhere does not keep it orthogonal
Images [n, 5, 6, 3] in, logits [n, 3] out.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class ConvolutionSeries(layers.Layer):
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
        return y + self.bias if self.use_bias else y


@keras.saving.register_keras_serializable("normlab")
class Absolute(layers.Layer):
    """Each value without its sign."""

    def call(self, x):
        return keras.ops.abs(x)


def kept(x):
    y = ConvolutionSeries(5, 5, 4, use_bias=False)(x)
    y = layers.Activation("tanh")(y)
    y = layers.Add()([y, x])
    return y


def network():
    """skew."""
    inputs = keras.Input((5, 6, 3))
    x = ConvolutionSeries(5, 3, 8)(inputs)
    x = Absolute()(x)
    for _ in range(2):
        x = kept(x)
    x = layers.Conv2D(5, 1)(x)
    x = ConvolutionSeries(4, 3, 6)(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(3)(x)
    return keras.Model(inputs, x)
