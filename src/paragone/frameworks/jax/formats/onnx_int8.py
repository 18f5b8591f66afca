"""ONNX in int8, calibrated on training samples: see `paragone.frameworks.quantising`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks import quantising
from paragone.frameworks.base import Array
from paragone.frameworks.jax.formats import onnx

NEEDS = (*onnx.NEEDS, "onnxruntime")
CALIBRATED = True


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    quantising.in_int8(onnx.write, side, inputs, path)
