"""ONNX Runtime on a CPU, with weights and activations in int8; what goes in and comes out is float32.

https://onnxruntime.ai/docs/api/python/api_summary.html (1.32)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "ONNX Runtime, int8"
FORMATS = ("onnx_int8",)
PACKAGES = ("onnxruntime",)
PRECISION = "int8"

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda inputs: session.run(None, dict(zip(names, inputs, strict=True)))
