"""A program of ExecuTorch whose operations XNNPACK computes where it can.

https://docs.pytorch.org/executorch/1.5/using-executorch-export.html. Memory is planned before the program runs, for the
largest batch; the default plans for the example's size instead, and its program refuses more:
https://docs.pytorch.org/executorch/1.5/compiler-memory-planning.html. The example is as large as that batch, since an
example of fewer than 16 samples narrows the batch to fewer than 16 where a convolution is lowered: its kernel is chosen
by that (`conv` of torch/_subclasses/fake_impls.py, PyTorch 2.13).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from paragone.frameworks.base import Array

NEEDS = ("executorch",)
MOST = 32
"""Samples in the largest batch; the target's script hands more in pieces."""


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of up to 32.

    Args:
        side: the built side, a `TorchSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import ExecutorchBackendConfig, to_edge_transform_and_lower
    from executorch.exir.passes.sym_shape_eval_pass import ConstraintBasedSymShapeEvalPass

    from paragone.frameworks.torch.exporting import program

    full = [np.resize(x, (MOST, *x.shape[1:])) for x in inputs]
    lowered = to_edge_transform_and_lower(program(side, full, MOST), partitioner=[XnnpackPartitioner()])
    planned = ExecutorchBackendConfig(sym_shape_eval_pass=ConstraintBasedSymShapeEvalPass())
    path.write_bytes(lowered.to_executorch(planned).buffer)
