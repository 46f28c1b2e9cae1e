"""clipped

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('clipped.weights.h5')
Images [n, 6, 6, 3] in, logits [n, 4] out.
"""

import keras
from keras import layers


def network():
    """clipped."""
    inputs = keras.Input((6, 6, 3))
    x = layers.Conv2D(8, 3, padding="same")(inputs)
    x = layers.ReLU(0.75)(x)
    x = layers.Conv2D(8, 3, padding="same", use_bias=False)(x)
    x = layers.ReLU(6)(x)
    x = layers.Conv2D(6, 3, padding="same", use_bias=False)(x)
    x = layers.Activation("hard_silu")(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(9)(x)
    x = layers.Activation("hard_sigmoid")(x)
    x = layers.Dense(9)(x)
    x = layers.Activation("sigmoid")(x)
    x = layers.Dense(4)(x)
    return keras.Model(inputs, x)
