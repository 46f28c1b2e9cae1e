"""resnet:blocks=2,planes=2/4,block=bottleneck,shortcut=pooling,padding=symmetric,input=8x8x3

Written by NormLab 0.1.0.
With its weights: model = network(); model.load_weights('resnet_blocks_2_planes_2_4_block_bottleneck_shortcut_pooling_padding_symmetric_input_8x8x3.weights.h5')
Images [n, 8, 8, 3] in, logits [n, 10] out.
"""

import keras
from keras import layers


def block(x):
    y = layers.Conv2D(2, 1, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.ZeroPadding2D(1)(y)
    y = layers.Conv2D(2, 3, use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(8, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    x = layers.Conv2D(8, 1, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def stage1_block2(x, filters, filters2):
    y = layers.Conv2D(filters, 1, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.ZeroPadding2D(1)(y)
    y = layers.Conv2D(filters, 3, use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(filters2, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def stage2_block1(x):
    y = layers.Conv2D(4, 1, padding="same", use_bias=False)(x)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.ZeroPadding2D(1)(y)
    y = layers.Conv2D(4, 3, strides=2, use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    y = layers.ReLU()(y)
    y = layers.Conv2D(16, 1, padding="same", use_bias=False)(y)
    y = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(y)
    x = layers.AveragePooling2D(2, 2, padding="same")(x)
    x = layers.Conv2D(16, 1, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.Add()([x, y])
    x = layers.ReLU()(x)
    return x


def network():
    """resnet:blocks=2,planes=2/4,block=bottleneck,shortcut=pooling,padding=symmetric,input=8x8x3."""
    inputs = keras.Input((8, 8, 3))
    x = layers.ZeroPadding2D(1)(inputs)
    x = layers.Conv2D(2, 3, use_bias=False)(x)
    x = layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    x = layers.ReLU()(x)
    x = block(x)
    for _ in range(1):
        x = stage1_block2(x, 2, 8)
    x = stage2_block1(x)
    for _ in range(1):
        x = stage1_block2(x, 4, 16)
    x = layers.GlobalAveragePooling2D()(x)
    x = layers.Dense(10)(x)
    return keras.Model(inputs, x)
