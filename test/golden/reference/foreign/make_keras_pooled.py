"""Writes keras-pooled.keras, with whole images pooled in every way, parts of images, and values that have names, and the logits that Keras gives for two images. Needs keras with any backend, safetensors."""

import zipfile

import keras
import numpy as np
from keras import layers as L
from keras import ops
from safetensors.numpy import save_file


def named(channels):
    """A model that takes and leaves values by their names, which Keras counts in the order of the names."""
    right, left = keras.Input((8, 8, channels), name="right"), keras.Input((8, 8, channels - 2), name="left")
    return keras.Model(
        {"right": right, "left": left},
        {"up": L.Conv2D(3, 1, name="up")(right), "down": L.Conv2D(3, 3, padding="same", name="down")(left)},
    )


keras.utils.set_random_seed(10)
image = keras.Input((8, 8, 3), name="image")
x = L.Conv2D(6, 3, padding="same")(L.Rescaling(2.0, offset=-0.5)(image))
x = ops.abs(x)
both = named(6)({"left": x[:, :, :, 1:-1], "right": x})
x = L.Concatenate()([both["up"], L.ReLU()(both["down"])])
x = L.Conv2D(5, 3, padding="same", activation="relu")(ops.pad(x[:, ::2, ::2], ((0, 0), (0, 0), (0, 0), (1, 2))))
rows = L.Concatenate()([L.GlobalMaxPooling2D()(x), L.GlobalAveragePooling2D()(x)])
rows = L.Dense(4, activation="tanh")(L.BatchNormalization()(rows))
# As keras.applications' MobileNet ends.
ends = L.Conv2D(4, 1)(L.Dropout(0.1)(L.GlobalAveragePooling2D(keepdims=True)(x)))
ends = L.Add()([L.Reshape((4,))(ends), L.Dense(4)(x[:, 1, -2]), rows])
model = keras.Model({"image": image}, {"logits": ends, "aside": L.Dense(2)(rows)})
for weight in model.weights:
    weight.assign(np.abs(weight.numpy() + np.random.normal(0, 0.2, weight.shape)) if "variance" in weight.path else weight.numpy() + np.random.normal(0, 0.2, weight.shape))
batch = np.random.default_rng(0).standard_normal((2, 8, 8, 3)).astype("f4")
logits = np.array(model.predict({"image": batch}, verbose=0)["logits"])
model.save("keras-pooled.keras")
with zipfile.ZipFile("keras-pooled.keras") as whole:
    parts = {part: whole.read(part) for part in whole.namelist()}
with zipfile.ZipFile("keras-pooled.keras", "w", zipfile.ZIP_DEFLATED) as small:
    for part, content in parts.items():
        small.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
save_file({"images": batch, "logits": logits}, "keras-pooled.safetensors")
