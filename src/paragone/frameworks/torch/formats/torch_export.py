"""A program of `torch.export`, saved: https://docs.pytorch.org/docs/2.13/export.html."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ()


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `TorchSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import torch

    from paragone.frameworks.torch.exporting import program

    torch.export.save(program(side, inputs), path)
