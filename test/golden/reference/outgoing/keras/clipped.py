"""clipped

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('clipped.weights.h5')
Images [n, 6, 6, 3] in, logits [n, 4] out.
"""

import keras
from keras import layers


def gate(x):
    y = layers.GlobalAveragePooling2D()(x)
    y = layers.Dense(6)(y)
    y = layers.Activation("hard_sigmoid")(y)
    y = layers.Multiply()([y, x])
    z = layers.Conv2D(1, 3, padding="same", use_bias=False)(y)
    z = layers.Activation("sigmoid")(z)
    y = layers.Multiply()([y, z])
    x = layers.Add()([x, y])
    x = layers.Multiply()([x, x])
    return x


def network():
    """clipped."""
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    x = layers.ReLU(0.75)(x)
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU(6)(x)
    x = layers.Conv2D(6, 3, padding="same", use_bias=False)(x)
    x = layers.Activation("hard_silu")(x)
    x = gate(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(9)(x)
    x = layers.Activation("hard_sigmoid")(x)
    x = layers.Dense(9)(x)
    x = layers.Activation("sigmoid")(x)
    x = layers.Dense(4)(x)
    return keras.Model(inputs, x)
