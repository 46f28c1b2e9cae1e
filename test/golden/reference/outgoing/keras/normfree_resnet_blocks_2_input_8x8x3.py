"""normfree-resnet:blocks=2,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('normfree_resnet_blocks_2_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class Scale(layers.Layer):
    """All values times one learned number."""

    def __init__(self, value, **options):
        super().__init__(**options)
        self.value = value

    def build(self, shape):
        self.factor = self.add_weight(shape=(1,), initializer=keras.initializers.Constant(self.value))

    def call(self, x):
        return x * self.factor


def block(x, filters, stride):
    y = layers.ReLU()(x)
    y = layers.Conv2D(filters, 3, strides=stride, padding="same")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    y = Scale(0)(y)
    x = layers.Conv2D(filters, 1, strides=stride, padding="same")(x)
    x = layers.Add()([x, y])
    return x


def stage1_block2(x, filters):
    y = layers.ReLU()(x)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters, 3, padding="same")(y)
    y = Scale(0)(y)
    x = layers.Add()([x, y])
    return x


def network():
    """normfree-resnet:blocks=2,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.Conv2D(16, 3, padding="same")(inputs)
    x = block(x, 16, 1)
    for _ in range(1):
        x = stage1_block2(x, 16)
    x = block(x, 32, 2)
    for _ in range(1):
        x = stage1_block2(x, 32)
    x = block(x, 64, 2)
    for _ in range(1):
        x = stage1_block2(x, 64)
    x = layers.ReLU()(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
