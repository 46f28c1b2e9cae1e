"""proc-resnet:blocks=2,planes=2/4,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('proc_resnet_blocks_2_planes_2_4_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


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
    """proc-resnet:blocks=2,planes=2/4,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(inputs)
    for _ in range(2):
        x = block(x, 2, 8)
    x = layers.Conv2D(16, 1, strides=2, padding="same", use_bias=False)(x)
    for _ in range(2):
        x = block(x, 4, 16)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
