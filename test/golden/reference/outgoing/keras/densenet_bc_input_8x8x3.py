"""densenet-bc:input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('densenet_bc_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


def block(x):
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    y = layers.ReLU()(y)
    y = layers.Conv2D(48, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(12, 3, padding="same", use_bias=False)(y)
    x = layers.Concatenate()([x, y])
    return x


def network():
    """densenet-bc:input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(24, 3, padding="same", use_bias=False)(inputs)
    for _ in range(6):
        x = block(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(48, 1, padding="same", use_bias=False)(x)
    x = layers.AveragePooling2D(2, 2)(x)
    for _ in range(6):
        x = block(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.Conv2D(60, 1, padding="same", use_bias=False)(x)
    x = layers.AveragePooling2D(2, 2)(x)
    for _ in range(6):
        x = block(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
