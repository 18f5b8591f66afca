"""LiteRT (once TensorFlow Lite) with its CPU kernels: https://ai.google.dev/edge/litert/inference (LiteRT 2.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "LiteRT"
FORMATS = ("litert",)
PACKAGES = ("ai-edge-litert",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(folder / "model.tflite"))
    signature = next(iter(interpreter.get_signature_list().values()))
    run = interpreter.get_signature_runner()

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = run(**dict(zip(sorted(signature["inputs"], key=_place), inputs, strict=True)))
        return [found[name] for name in sorted(signature["outputs"], key=_place)]

    return predict


def _place(name: str) -> tuple[int, str]:
    """Inputs are called x0, x1 and so on, outputs y0, y1 and so on."""
    return int(name[1:]), name
