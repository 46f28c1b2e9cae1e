"""resnet:blocks=2,widths=4/8,input=9x9x1

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('resnet_blocks_2_widths_4_8_input_9x9x1.weights.h5')
Images [n, 9, 9, 1] in, logits [n, 10] out.
"""

import keras
from keras import layers


def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
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
    x = layers.Conv2D(8, 1, strides=2, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def network():
    """resnet:blocks=2,widths=4/8,input=9x9x1."""
    inputs = keras.Input((9, 9, 1))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    for _ in range(2):
        x = block(x, 4)
    x = stage2_block1(x)
    for _ in range(1):
        x = block(x, 8)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
