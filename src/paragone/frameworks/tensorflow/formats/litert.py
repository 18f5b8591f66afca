"""LiteRT as TensorFlow's converter writes it: https://www.tensorflow.org/api_docs/python/tf/lite/TFLiteConverter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ()


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size where the converter can.

    Args:
        side: the built side, a `KerasSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    from paragone.frameworks.tensorflow.exporting import converted, serving

    path.write_bytes(converted(partial(serving, side, inputs)))
