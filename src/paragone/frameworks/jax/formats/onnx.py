"""ONNX through jax2onnx, since JAX writes none itself: https://github.com/enpasos/jax2onnx (0.13)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("jax2onnx", "onnx")


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import jax
    from jax2onnx import to_onnx

    from paragone.frameworks.jax.exporting import evaluated

    shapes = [jax.ShapeDtypeStruct(("B", *x.shape[1:]), x.dtype) for x in inputs]
    with evaluated(side) as model:
        to_onnx(model, shapes, return_mode="file", output_path=str(path))
