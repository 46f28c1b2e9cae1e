"""proc-resnet-v1:blocks=2,planes=2/4,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('proc_resnet_v1_blocks_2_planes_2_4_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


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
class GlobalL2Pooling2D(layers.Layer):
    """Each channel's Euclidean norm."""

    def call(self, x):
        return keras.ops.sqrt(keras.ops.maximum(keras.ops.sum(x * x, (1, 2)), 1e-37))


def block(x, filters, filters2):
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters2, 1, padding="same", use_bias=False)(y)
    x = layers.Add()([x, y])
    return x


def network():
    """proc-resnet-v1:blocks=2,planes=2/4,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(2, 3, padding="same", use_bias=False)(inputs)
    x = layers.Concatenate()([x] * 2)
    x = layers.Concatenate()([x] * 2)
    for _ in range(2):
        x = block(x, 2, 8)
    x = L2Pooling2D(2)(x)
    x = layers.Concatenate()([x] * 2)
    for _ in range(2):
        x = block(x, 4, 16)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = GlobalL2Pooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
