"""vit:blocks=1,placement=deepnorm,norm=rms,width=4,heads=2,patch=4,input=8x8x1

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('vit_blocks_1_placement_deepnorm_norm_rms_width_4_heads_2_patch_4_input_8x8x1.weights.h5')
Images [n, 8, 8, 1] in, logits [n, 10] out.
"""

import keras
from keras import layers


@keras.saving.register_keras_serializable("normlab")
class Attention(layers.Layer):
    """Scaled dot-product attention in heads; each place of an image is a token."""

    def __init__(self, heads, **options):
        super().__init__(**options)
        self.heads = heads

    def call(self, inputs):
        _, height, width, channels = inputs[2].shape
        q, k, v = (keras.ops.reshape(x, (-1, height * width, self.heads, x.shape[3] // self.heads)) for x in inputs)
        return keras.ops.reshape(keras.ops.dot_product_attention(q, k, v), (-1, height, width, channels))

    def compute_output_shape(self, shapes):
        return shapes[2]


@keras.saving.register_keras_serializable("normlab")
class Position(layers.Layer):
    """A learned number for each channel of each place."""

    def __init__(self, deviation, **options):
        super().__init__(**options)
        self.deviation = deviation

    def build(self, shape):
        self.shift = self.add_weight(shape=shape[1:], initializer=keras.initializers.RandomNormal(stddev=self.deviation))

    def call(self, x):
        return x + self.shift


def attention(x):
    y = layers.Conv2D(4, 1, padding="same")(x)
    z = layers.Conv2D(4, 1, padding="same")(x)
    w = layers.Conv2D(4, 1, padding="same")(x)
    y = Attention(2)([y, z, w])
    y = layers.Conv2D(4, 1, padding="same")(y)
    x = layers.Rescaling(1.189207115002721)(x)
    x = layers.Add()([x, y])
    x = layers.RMSNormalization(epsilon=1e-5)(x)
    return x


def mlp(x):
    y = layers.Conv2D(16, 1, padding="same")(x)
    y = layers.Activation("gelu")(y)
    y = layers.Conv2D(4, 1, padding="same")(y)
    x = layers.Rescaling(1.189207115002721)(x)
    x = layers.Add()([x, y])
    x = layers.RMSNormalization(epsilon=1e-5)(x)
    return x


def network():
    """vit:blocks=1,placement=deepnorm,norm=rms,width=4,heads=2,patch=4,input=8x8x1."""
    inputs = keras.Input((8, 8, 1))
    x = layers.Conv2D(4, 4, strides=4)(inputs)
    x = Position(0.02)(x)
    for _ in range(1):
        x = attention(x)
        x = mlp(x)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
