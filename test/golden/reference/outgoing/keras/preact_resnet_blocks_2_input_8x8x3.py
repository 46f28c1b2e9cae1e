"""preact-resnet:blocks=2,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('preact_resnet_blocks_2_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


def block(x, filters, stride, filters2):
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters2, 1, padding="same", use_bias=False)(y)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(filters2, 1, strides=stride, padding="same", use_bias=False)(x)
    x = layers.Add()([x, y])
    return x


def stage1_block2(x, filters, filters2):
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
    """preact-resnet:blocks=2,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(16, 3, padding="same", use_bias=False)(inputs)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = block(x, 16, 1, 64)
    for _ in range(1):
        x = stage1_block2(x, 16, 64)
    x = block(x, 32, 2, 128)
    for _ in range(1):
        x = stage1_block2(x, 32, 128)
    x = block(x, 64, 2, 256)
    for _ in range(1):
        x = stage1_block2(x, 64, 256)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
