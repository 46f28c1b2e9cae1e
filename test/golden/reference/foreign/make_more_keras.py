"""Writes more.keras, with layers that come in as several of the lab's or as one of another name, and the logits that Keras gives for two images. Needs keras with any backend, safetensors."""

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file

keras.utils.set_random_seed(6)
images = keras.Input((12, 12, 3))
x = L.SeparableConv2D(6, 3, strides=2, padding="same", depth_multiplier=2, activation="relu")(images)
x = L.GaussianNoise(0.1)(L.SpatialDropout2D(0.2)(x))
y = L.SeparableConv2D(6, 3, padding="same", use_bias=False)(x)
x = L.Average()([x, L.Identity()(y), L.Conv2D(6, 1)(x)])
x = L.LayerNormalization()(L.Activation("relu6")(x + y))
x = L.GlobalMaxPooling2D()(x)
x = L.LayerNormalization()(L.Dense(8, activation="tanh")(L.Reshape((-1,))(x)))
model = keras.Model(images, L.Dense(4)(L.ActivityRegularization(l2=0.1)(x)))
for weight in model.weights:
    if any(word in weight.path for word in ("beta", "bias")):
        weight.assign(np.random.normal(0, 0.3, weight.shape))
    elif "gamma" in weight.path:
        weight.assign(np.random.uniform(0.5, 1.5, weight.shape))
batch = np.random.default_rng(0).standard_normal((2, 12, 12, 3)).astype("f4")
model.save("more.keras")
save_file({"images": batch, "logits": model.predict(batch, verbose=0)}, "more.safetensors")
