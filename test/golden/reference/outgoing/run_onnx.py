"""Runs networks that went out as ONNX by ONNX Runtime: `run_onnx.py FOLDER`, and prints how far each one's logits are from those asked for."""

import json
import pathlib
import sys

import numpy as np
import onnx
import onnxruntime
from safetensors.numpy import load_file

found = {}
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.onnx")):
    onnx.checker.check_model(onnx.load(file), full_check=True)
    asked = load_file(file.with_suffix(".asked"))
    session = onnxruntime.InferenceSession(file)
    (logits,) = session.run(["logits"], {"images": np.ascontiguousarray(asked["images"].transpose(0, 3, 1, 2))})
    found[file.stem] = float(np.abs(logits - asked["logits"]).max() / np.abs(asked["logits"]).max())
print(json.dumps(found))
