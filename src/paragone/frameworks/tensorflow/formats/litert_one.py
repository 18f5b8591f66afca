"""LiteRT for one sample, of static shapes, as runtimes for microcontrollers need it.

https://ai.google.dev/edge/litert/microcontrollers/build_convert
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ()


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for one sample.

    Args:
        side: the built side, a `KerasSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    from paragone.frameworks.tensorflow.exporting import lite, serving

    path.write_bytes(lite(*serving(side, inputs, rows=1)))
