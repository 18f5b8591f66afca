"""ONNX through tf2onnx, as `keras.Model.export` does it: https://github.com/onnx/tensorflow-onnx (1.17)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("tf2onnx", "onnx")
_OPSET = 18
"""The newest that tf2onnx 1.17 writes."""


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `KerasSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import tf2onnx

    from paragone.frameworks.tensorflow.exporting import serving

    _, serve = serving(side, inputs)
    tf2onnx.convert.from_function(serve, input_signature=serve.input_signature, opset=_OPSET, output_path=str(path))
