"""OpenVINO on a CPU, with the precision that it takes by itself.

https://docs.openvino.ai/2026/openvino-workflow/running-inference.html (2026.4). On processors with units for bfloat16
it computes in bfloat16 unless `INFERENCE_PRECISION_HINT` says otherwise:
https://docs.openvino.ai/2026/openvino-workflow/running-inference/optimize-inference/precision-control.html
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "OpenVINO"
FORMATS = ("onnx", "saved_model", "litert")
PACKAGES = ("openvino",)
OPTIONS: dict[str, str] = {}
"""Properties that the model is compiled with."""

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import openvino

    files = [folder / name for name in ("model.onnx", "saved_model/1", "model.tflite")]
    compiled = openvino.Core().compile_model(next(file for file in files if file.exists()), "CPU", OPTIONS)

    places = sorted(range(len(compiled.inputs)), key=lambda place: _number(compiled.inputs[place], place))
    outputs = sorted(compiled.outputs, key=lambda output: _number(output, output.index))

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = compiled(dict(zip(places, inputs, strict=True)))
        return [np.array(found[output]) for output in outputs]

    return predict


def _number(port: Any, otherwise: int) -> int:
    """Inputs are called x0, x1 and so on, outputs y0, y1 and so on, where the format keeps their names."""
    numbers = [int(each) for name in port.names for each in re.findall(r"(?:^|_)[xy](\d+)(?::|$)", name)]
    return numbers[0] if numbers else otherwise
