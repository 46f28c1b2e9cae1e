"""Writes the Keras files beside this with the logits that Keras gives for a batch. Needs keras, tensorflow, safetensors."""

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file


def randomise(model):
    for w in model.weights:
        if "variance" in w.path:
            w.assign(np.random.uniform(0.5, 2, w.shape))
        elif "moving_mean" in w.path or "beta" in w.path or "bias" in w.path:
            w.assign(np.random.normal(0, 0.3, w.shape))
        elif "gamma" in w.path:
            w.assign(np.random.uniform(0.5, 1.5, w.shape))


def block(x, filters, stride):
    y = L.Conv2D(filters, 3, stride, padding="same", use_bias=False)(x)
    y = L.ReLU()(L.BatchNormalization()(y))
    y = L.BatchNormalization()(L.Conv2D(filters, 3, padding="same", use_bias=False)(y))
    skip = x
    if stride != 1:
        skip = L.BatchNormalization()(L.Conv2D(filters, 1, stride, use_bias=False)(x))
    return L.Activation("relu")(L.Add()([y, skip]))


keras.utils.set_random_seed(3)
images = keras.Input((16, 16, 3))
x = L.Conv2D(4, 3, padding="valid")(L.ZeroPadding2D(1)(images))
x = L.MaxPooling2D(2)(L.Activation("relu")(L.BatchNormalization()(x)))
for filters, stride in [(4, 1), (4, 1), (6, 2), (6, 1), (6, 1)]:
    x = block(x, filters, stride)
features = L.GlobalAveragePooling2D()(x)
model = keras.Model(images, L.Dense(4, activation="softmax")(features))
randomise(model)
batch = np.random.normal(size=(2, 16, 16, 3)).astype("f4")
dense = model.layers[-1]
logits = keras.Model(images, features)(batch).numpy() @ dense.kernel.numpy() + dense.bias.numpy()
model.save("functional.keras")
save_file({"images": batch, "logits": logits}, "functional.safetensors")

keras.utils.set_random_seed(4)
model = keras.Sequential(
    [
        keras.Input((12, 12, 2)),
        L.Conv2D(4, 3, 2, padding="same", activation="swish"),
        L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", activation="elu"),
        L.BatchNormalization(scale=False),
        L.LeakyReLU(negative_slope=0.2),
        L.AveragePooling2D(2, padding="same"),
        L.Dropout(0.1),
        L.Conv2D(4, 2, activation="gelu"),
        L.Flatten(),
        L.Dense(5, activation="tanh"),
        L.Dense(3),
    ]
)
randomise(model)
batch = np.random.normal(size=(2, 12, 12, 2)).astype("f4")
model.save("sequential.keras")
save_file({"images": batch, "logits": model(batch).numpy()}, "sequential.safetensors")

layers = [keras.Input((8, 8, 2)), L.Conv2D(2, 3), L.UpSampling2D(2), L.Flatten(), L.Dense(2, activation="softplus")]
keras.Sequential(layers).save("unknown.keras")
