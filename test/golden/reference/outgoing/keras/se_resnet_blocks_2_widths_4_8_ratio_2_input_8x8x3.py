"""se-resnet:blocks=2,widths=4/8,ratio=2,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('se_resnet_blocks_2_widths_4_8_ratio_2_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


def gate(x, units, units2):
    y = layers.GlobalAveragePooling2D()(x)
    y = layers.Dense(units)(y)
    y = layers.ReLU()(y)
    y = layers.Dense(units2)(y)
    y = layers.Activation("sigmoid")(y)
    x = layers.Multiply()([x, y])
    return x


def block(x, filters, units):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = gate(y, units, filters)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def stage2_block1(x):
    y = layers.Conv2D(8, 3, strides=2, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(8, 3, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = gate(y, 4, 8)
    x = layers.Conv2D(8, 1, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def network():
    """se-resnet:blocks=2,widths=4/8,ratio=2,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    for _ in range(2):
        x = block(x, 4, 2)
    x = stage2_block1(x)
    for _ in range(1):
        x = block(x, 8, 4)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
