"""Writes nested.keras, models within a model, with the logits that Keras gives for two images. Needs keras with any backend, safetensors."""

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file


def inner(name):
    images = keras.Input((8, 8, 4))
    x = L.ReLU()(L.Conv2D(4, 3, padding="same")(images))
    return keras.Model(images, L.Add()([images, x]), name=name)


images = keras.Input((8, 8, 3))
x = L.Conv2D(4, 3, padding="same")(images)
x = inner("two")(inner("one")(x))
x = keras.Sequential([L.Conv2D(6, 3, strides=2, padding="same"), L.BatchNormalization(), L.ReLU()], name="seq")(x)
model = keras.Model(images, L.Dense(5)(L.GlobalAveragePooling2D()(x)))
batch = np.random.default_rng(0).standard_normal((2, 8, 8, 3)).astype("f4")
model.save("nested.keras")
save_file({"images": batch, "logits": model.predict(batch, verbose=0)}, "nested.safetensors")
