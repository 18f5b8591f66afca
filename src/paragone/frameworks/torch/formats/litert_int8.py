"""LiteRT in int8 for one sample by litert-torch and ai-edge-quantizer (0.10), calibrated on training samples.

https://github.com/google-ai-edge/ai-edge-quantizer
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("litert_torch", "ai_edge_quantizer")
CALIBRATED = True


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for one sample.

    Args:
        side: the built side, a `TorchSide`.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    from paragone.frameworks.torch.exporting import write_litert_int8

    write_litert_int8(side, inputs, path)
