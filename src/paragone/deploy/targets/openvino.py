"""OpenVINO on a CPU, with the precision that it takes by itself.

https://docs.openvino.ai/2026/openvino-workflow/running-inference.html (2026.4). On processors with units for bfloat16
it computes in bfloat16 unless `INFERENCE_PRECISION_HINT` says otherwise:
https://docs.openvino.ai/2026/openvino-workflow/running-inference/optimize-inference/precision-control.html
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "OpenVINO"
FORMATS = ("onnx", "saved_model")
PACKAGES = ("openvino",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import openvino

    files = [folder / "model.onnx", folder / "saved_model"]
    compiled = openvino.Core().compile_model(next(file for file in files if file.exists()), "CPU")

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = compiled(list(inputs))
        return [np.array(found[output]) for output in compiled.outputs]

    return predict
