"""Writes keras-numbers.keras, in which numbers of the program stand between the layers, and the logits that Keras gives for two images. Needs keras with any backend, safetensors."""

import keras
import numpy as np
from keras import layers as L
from safetensors.numpy import save_file

keras.utils.set_random_seed(9)
images = keras.Input((12, 12, 3))
adapted = L.Normalization()
adapted.adapt(np.random.default_rng(1).normal(100, 40, (4, 12, 12, 3)).astype("f4"))
x = L.Rescaling([0.5, 1.5, 2.0], offset=[0.1, 0.0, -0.2])(adapted(images))
x = L.Normalization(mean=[0.1, 0.2, 0.3], variance=[0.5, 1.0, 2.0])(x)
x = L.Normalization(mean=0.5, variance=4.0, invert=True)(x)
x = L.Conv2D(8, 3, padding="same")(x)


def gated(x, pooled):
    """As keras.applications has it: https://github.com/keras-team/keras/blob/master/keras/src/applications/mobilenet_v3.py."""
    gate = L.Conv2D(8, 1)(pooled)
    return L.Multiply()([x, L.ReLU(6.0)(gate + 3.0) * (1.0 / 6.0)])


x = gated(x, L.GlobalAveragePooling2D(keepdims=True)(x))
x = L.ReLU()(x)
# As EfficientNet pools.
x = gated(x, L.Reshape((1, 1, 8))(L.GlobalAveragePooling2D()(x)))
x = L.ReLU(6.0)(2.0 + x) * 0.5
# No hard sigmoid: the sum is taken elsewhere too.
y = x + 3.0
x = L.Add()([L.ReLU(6.0)(y) * (1.0 / 6.0), y])
model = keras.Model(images, L.Dense(4)(L.GlobalAveragePooling2D()(x)))
for weight in model.weights:
    if "bias" in weight.path:
        weight.assign(np.random.normal(0, 0.3, weight.shape))
batch = np.random.default_rng(0).normal(100, 40, (2, 12, 12, 3)).astype("f4")
model.save("keras-numbers.keras")
save_file({"images": batch, "logits": model.predict(batch, verbose=0)}, "keras-numbers.safetensors")
