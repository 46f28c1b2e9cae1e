"""Runs networks that went out as Keras's source with their weights, and as .keras files: `KERAS_BACKEND=torch run_keras.py FOLDER`, and prints how far each one's logits are from those asked for."""

import importlib.util
import json
import pathlib
import sys

import keras
import numpy as np
from safetensors.numpy import load_file

found = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
    spec = importlib.util.spec_from_file_location(file.stem.replace("-", "_"), file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    asked = load_file(file.with_suffix(".asked"))

    def error(model):
        logits = keras.ops.convert_to_numpy(model(asked["images"], training=False))
        return float(np.abs(logits - asked["logits"]).max() / np.abs(asked["logits"]).max())

    model = module.network()
    model.load_weights(file.with_suffix(".weights.h5"))
    found[file.stem] = {"source": error(model)}
    whole = file.with_suffix(".keras")
    if whole.exists():
        found[file.stem]["file"] = error(keras.models.load_model(whole))
print(json.dumps(found))
