"""residual-mlp:input=4x4x1

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('residual_mlp_input_4x4x1.weights.h5')
Images [n, 4, 4, 1] in, logits [n, 10] out.
"""

import keras
from keras import layers


def block(x):
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    y = layers.ReLU()(y)
    y = layers.Dense(64, use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Dense(64, use_bias=False)(y)
    x = layers.Add()([x, y])
    return x


def network():
    """residual-mlp:input=4x4x1."""
    inputs = keras.Input((4, 4, 1))
    x = layers.Flatten()(inputs)
    x = layers.Dense(64, use_bias=False)(x)
    for _ in range(8):
        x = block(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
