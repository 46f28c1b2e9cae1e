"""parts

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('parts.weights.h5')
Images [n, 6, 4, 3] in, logits [n, 3] out.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class Attention(layers.Layer):
    """Scaled dot-product attention in heads; each place of an image is a token."""

    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def call(self, inputs):
        _, height, width, channels = inputs[2].shape
        q, k, v = (keras.ops.reshape(x, (-1, height * width, self.heads, x.shape[3] // self.heads)) for x in inputs)
        return keras.ops.reshape(keras.ops.dot_product_attention(q, k, v), (-1, height, width, channels))

    def compute_output_shape(self, shapes):
        return shapes[2]


@keras.saving.register_keras_serializable("normlab")
class Position(layers.Layer):
    """A learned number for each channel of each place."""

    def __init__(self, deviation, **options):
        super().__init__(**options)
        self.deviation = deviation

    def build(self, shape):
        self.shift = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=self.deviation))

    def call(self, x):
        return x + self.shift


@keras.saving.register_keras_serializable("normlab")
class ClassToken(layers.Layer):
    """Learned tokens before an image's own, which become one column."""

    def __init__(self, tokens, deviation, **options):
        super().__init__(**options)
        self.tokens, self.deviation = tokens, deviation

    def build(self, shape):
        self.shift = self.add_weight(shape=(self.tokens, shape[-1]), initializer=keras.initializers.RandomNormal(stddev=self.deviation))

    def call(self, x):
        own = keras.ops.reshape(x, (-1, x.shape[1] * x.shape[2], 1, x.shape[3]))
        tokens = keras.ops.zeros_like(own[:, :1]) + keras.ops.expand_dims(self.shift, 1)
        return keras.ops.concatenate([tokens, own], 1)


@keras.saving.register_keras_serializable("normlab")
class Token(layers.Layer):
    """The channels of a single place."""

    def __init__(self, place, **options):
        super().__init__(**options)
        self.place = place

    def call(self, x):
        return x[:, self.place // x.shape[2], self.place % x.shape[2]]


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


def halves(x):
    y = Channels(0, 4)(x)
    z = layers.Conv2D(3, 1, padding="same", use_bias=False)(y)
    x = Channels(4, 3)(x)
    z = layers.Add()([z, x])
    y = layers.Concatenate()([y, z])
    return y


def attend(x):
    y = layers.Conv2D(6, 1, padding="same")(x)
    z = layers.Conv2D(6, 1, padding="same")(x)
    w = layers.Conv2D(6, 1, padding="same")(x)
    y = Attention(2)([y, z, w])
    y = layers.Conv2D(7, 1, padding="same", use_bias=False)(y)
    y = layers.Add()([y, x])
    return y


def network():
    """parts."""
    inputs = keras.Input((6, 4, 3))
    x = layers.Conv2D(7, 2, strides=2, padding="same", use_bias=False)(inputs)
    x = Absolute()(x)
    for _ in range(2):
        x = halves(x)
    x = ClassToken(2, 0.02)(x)
    x = Position(0.02)(x)
    x = attend(x)
    x = Token(1)(x)
    x = layers.Dense(3)(x)
    return keras.Model(inputs, x)
