"""The ONNX file beside this one, asked with plain lists: what our servers of it have in common."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
}


class Model:
    """The model, in ONNX Runtime on a CPU: https://onnxruntime.ai/docs/api/python/api_summary.html (1.32).

    Args:
        folder: where it lies.
    """

    def __init__(self, folder: Path):
        import onnxruntime

        self._session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        self._inputs = [(each.name, _TYPES[each.type]) for each in self._session.get_inputs()]

    def __call__(self, inputs: dict[str, Any]) -> Any:
        """Outputs for inputs called x0, x1 and so on: the one output, or a map of y0, y1 and so on.

        Raises:
            ValueError: inputs are missing or of another shape.
        """
        if len(inputs) != len(self._inputs):
            raise ValueError(f"{len(self._inputs)} inputs are wanted, called x0 and so on; {len(inputs)} came")
        given = {name: np.asarray(inputs[f"x{place}"], dtype=dtype) for place, (name, dtype) in enumerate(self._inputs)}
        found = [each.tolist() for each in self._session.run(None, given)]
        return found[0] if len(found) == 1 else {f"y{place}": each for place, each in enumerate(found)}
