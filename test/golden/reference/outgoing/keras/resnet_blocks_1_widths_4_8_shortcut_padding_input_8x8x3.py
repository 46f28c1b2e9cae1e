"""resnet:blocks=1,widths=4/8,shortcut=padding,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('resnet_blocks_1_widths_4_8_shortcut_padding_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class PaddingShortcut(layers.Layer):
    """Every stride-th pixel, and zeros for new channels (He et al. 2015, option A)."""

    def __init__(self, before, behind, stride, **options):
        super().__init__(**options)
        self.before, self.behind, self.stride = before, behind, stride

    def call(self, x):
        x = x[:, :: self.stride, :: self.stride]
        return keras.ops.pad(x, ((0, 0), (0, 0), (0, 0), (self.before, self.behind)))


def block(x):
    y = layers.Conv2D(4, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(4, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def stage2_block1(x):
    y = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(8, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    x = PaddingShortcut(0, 4, 2)(x)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def network():
    """resnet:blocks=1,widths=4/8,shortcut=padding,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    for _ in range(1):
        x = block(x)
    x = stage2_block1(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
