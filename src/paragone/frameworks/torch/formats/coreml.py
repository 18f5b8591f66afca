"""Core ML by coremltools (9.0): https://apple.github.io/coremltools/docs-guides/source/convert-pytorch.html.

From a program of torch.export, since a trace keeps operations such as `movedim` that coremltools does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import LARGEST_BATCH, Array

NEEDS = ("coremltools",)


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `TorchSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import coremltools as ct

    from paragone.frameworks.torch.exporting import program

    wide = ct.RangeDim(1, LARGEST_BATCH, default=1)
    types = [ct.TensorType(f"x{place}", (wide, *x.shape[1:])) for place, x in enumerate(inputs)]
    options = {"compute_precision": ct.precision.FLOAT32, "minimum_deployment_target": ct.target.iOS16}
    plain = program(side, inputs).run_decompositions({})
    _strides_said(plain.graph)
    ct.convert(plain, inputs=types, convert_to="mlprogram", **options).save(str(path))


def _strides_said(graph: Any) -> None:
    """PyTorch 2.13 leaves a stride of pooling out that is the kernel's size; coremltools 9.0 wants it."""
    for node in graph.nodes:
        if "_pool" in str(node.target) and "adaptive" not in str(node.target) and len(node.args) == 2:
            node.args = (*node.args, node.args[1])
