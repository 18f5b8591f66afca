"""ONNX as PyTorch writes it: https://docs.pytorch.org/docs/2.13/onnx_export.html (`dynamo=True`, the default)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("onnx", "onnxscript")


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `TorchSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import torch

    from paragone.frameworks.torch.exporting import evaluating, given, shapes_of

    with evaluating(side) as model:
        torch.onnx.export(
            model,
            given(inputs),
            path,
            dynamo=True,
            external_data=False,
            verbose=False,
            dynamic_shapes=shapes_of(inputs),
        )
