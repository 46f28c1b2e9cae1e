"""Writes keras-*.keras beside this, Transformers as Keras's own layers make them, with the logits that Keras gives for two images. Needs keras with any backend, safetensors."""

import zipfile

import keras
import numpy as np
from keras import layers as L
from keras import ops
from safetensors.numpy import save_file


def encoder(x, names, **options):
    """A block with the norms first, as Keras's example of a vision Transformer has it."""
    y = L.LayerNormalization(epsilon=1e-6)(x)
    y = L.MultiHeadAttention(2, 3, dropout=0.1, **options)(**{name: y for name in names}) if names else L.MultiHeadAttention(2, 3, **options)(y, y)
    x = L.Add()([y, x])
    y = L.Dense(10, activation="gelu")(L.LayerNormalization(epsilon=1e-6)(x))
    return L.Add()([L.Dense(6)(L.Dropout(0.1)(y)), x])


def write(name, images, logits, is_known=True):
    model = keras.Model(images, logits)
    for weight in model.weights:
        if "seed" not in weight.path:
            weight.assign(weight.numpy() + np.random.normal(0, 0.3, weight.shape))
    model.save(f"{name}.keras")
    with zipfile.ZipFile(f"{name}.keras") as whole:
        parts = {part: whole.read(part) for part in whole.namelist()}
    with zipfile.ZipFile(f"{name}.keras", "w", zipfile.ZIP_DEFLATED) as small:
        for part, content in parts.items():
            small.writestr(zipfile.ZipInfo(part), content, zipfile.ZIP_DEFLATED)
    if is_known:
        batch = np.random.default_rng(0).standard_normal((2, 8, 12, 3)).astype("f4")
        save_file({"images": batch, "logits": model.predict(batch, verbose=0)}, f"{name}.safetensors")


keras.utils.set_random_seed(8)
images = keras.Input((8, 12, 3))
x = L.Reshape((-1, 6))(L.Conv2D(6, 4, strides=4)(images))
x = x + L.Embedding(6, 6)(ops.arange(6))
for _ in range(2):
    x = encoder(x, [])
x = L.LayerNormalization(epsilon=1e-6)(x)
write("keras-vit", images, L.Dense(4)(L.Dropout(0.2)(L.Flatten()(x))))

keras.utils.set_random_seed(9)
images = keras.Input((8, 12, 3))
x = L.Conv2D(6, 4, strides=4, padding="same", use_bias=False)(images)
x = L.Dense(6, activation="tanh")(L.Add()([x, np.random.normal(size=(1, 2, 3, 6)).astype("f4")]))
x = encoder(x, ["query", "value", "key"], attention_axes=(1, 2), use_bias=False)
x = L.RMSNormalization()(L.Reshape((6, 6))(x))
x = encoder(x, ["query", "value"], value_dim=2)
write("keras-tokens", images, L.Dense(4)(L.Add()([x[:, -2], L.GlobalAveragePooling1D()(x)])))

images = keras.Input((8, 12, 3))
x = L.Reshape((6, 6))(L.Conv2D(6, 4, strides=4)(images))
x = L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)
x = L.MultiHeadAttention(2, 3)(x, L.Dense(6)(x), attention_mask=np.tril(np.ones((6, 6), "bool")))
x = L.Multiply()([x, L.Dense(6, activation="sigmoid")(x)])
x = L.Permute((2, 1))(x)
write("keras-masked", images, L.Dense(4)(L.Flatten()(x)), False)
