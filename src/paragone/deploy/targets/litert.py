"""LiteRT (once TensorFlow Lite) with its CPU kernels: https://ai.google.dev/edge/litert/inference (LiteRT 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "LiteRT"
FORMATS = ("litert",)
PACKAGES = ("ai-edge-litert",)
PRECISION = "float32"

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(folder / "model.tflite"))
    signature = next(iter(interpreter.get_signature_list().values()))
    run = interpreter.get_signature_runner()
    kinds = {name: np.dtype(each["dtype"]) for name, each in run.get_input_details().items()}
    names, outputs = (sorted(signature[one], key=_place) for one in ("inputs", "outputs"))
    one_by_one = all(each["shape_signature"][0] == 1 for each in interpreter.get_input_details())

    def predict(inputs: Sequence[Array]) -> list[Array]:
        if one_by_one and len(inputs[0]) > 1:  # written for a single sample
            rows = [predict([x[row : row + 1] for x in inputs]) for row in range(len(inputs[0]))]
            return [np.concatenate(each) for each in zip(*rows, strict=True)]
        found = run(**{name: _counted(x, kinds[name]) for name, x in zip(names, inputs, strict=True)})
        return [found[name] for name in outputs]

    return predict


def _counted(x: Array, kind: np.dtype[Any]) -> Array:
    """Whole numbers as long as the artifact has them: what writes for PyTorch makes 32 bits of 64."""
    return x.astype(kind) if x.dtype.kind in "iu" and kind.kind in "iu" else x


def _place(name: str) -> tuple[int, str]:
    """Inputs are called x0, x1 and so on, outputs y0, y1 and so on."""
    return int(name[1:]), name
