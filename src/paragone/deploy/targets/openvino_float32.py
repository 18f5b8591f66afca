"""OpenVINO on a CPU, told to compute in float32.

https://docs.openvino.ai/2026/openvino-workflow/running-inference/optimize-inference/precision-control.html (2026.4)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "OpenVINO, float32"
FORMATS = ("onnx", "saved_model")
PACKAGES = ("openvino",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import openvino

    files = [folder / "model.onnx", folder / "saved_model"]
    options = {"INFERENCE_PRECISION_HINT": "f32"}
    compiled = openvino.Core().compile_model(next(file for file in files if file.exists()), "CPU", options)

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = compiled(list(inputs))
        return [np.array(found[output]) for output in compiled.outputs]

    return predict
