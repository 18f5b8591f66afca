"""LiteRT for one sample by litert-torch (0.10): https://github.com/google-ai-edge/litert-torch.

It takes an open batch for some models only, so it is not asked for one. It pins packages (`typing-extensions` under
4.13, by way of xdsl) that others need newer, so it is not among the tested packages.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("litert_torch",)


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for one sample.

    Args:
        side: the built side, a `TorchSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    from paragone.frameworks.torch.exporting import write_litert

    write_litert(side, inputs, path)
