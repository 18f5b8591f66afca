"""ONNX Runtime on a CPU: https://onnxruntime.ai/docs/api/python/api_summary.html (1.32)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "ONNX Runtime"
FORMATS = ("onnx",)
PACKAGES = ("onnxruntime",)
PRECISION = "float32"

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import onnxruntime

    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    return lambda inputs: session.run(None, dict(zip(names, inputs, strict=True)))
