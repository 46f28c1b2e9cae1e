"""Writes the ONNX files beside this with the logits that ONNX Runtime gives for a batch. Needs torch, torchvision, onnx, onnxscript, onnxruntime, safetensors."""

import numpy as np
import onnxruntime
import torch
from networks import Pieces, Small, randomise
from safetensors.numpy import save_file


def write(name, model, x, **options):
    torch.onnx.export(model, (x,), f"{name}.onnx", input_names=["x"], **options)
    logits = onnxruntime.InferenceSession(f"{name}.onnx").run(None, {"x": x.numpy()})[0]
    images = np.ascontiguousarray(x.numpy().transpose(0, 2, 3, 1))
    save_file({"images": images, "logits": logits}, f"{name}.safetensors")


torch.manual_seed(5)
x = torch.randn(2, 3, 20, 20)
whole = dict(dynamo=False, training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
write("resnet", randomise(Small((3, 5), 3, 4)), x, **whole)
write("resnet-folded", randomise(Small((3, 5), 2, 4)), x, dynamo=True, external_data=False)
write("pieces", randomise(Pieces()), x, dynamo=True, external_data=False)
