"""LiteRT for one sample in int8, calibrated on training samples, as runtimes for microcontrollers need it.

https://ai.google.dev/edge/litert/microcontrollers/build_convert
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ()
CALIBRATED = True


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for one sample.

    Args:
        side: the built side, a `KerasSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    from paragone.frameworks.tensorflow.exporting import in_int8, lite, serving

    path.write_bytes(lite(*serving(side, inputs, rows=1), in_int8(inputs)))
