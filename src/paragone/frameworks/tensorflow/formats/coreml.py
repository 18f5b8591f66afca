"""Core ML by coremltools (9.0): https://apple.github.io/coremltools/docs-guides/source/convert-tensorflow.html."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("coremltools",)


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `KerasSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    from paragone.frameworks.tensorflow.exporting import core_ml

    core_ml(side, inputs, path)
