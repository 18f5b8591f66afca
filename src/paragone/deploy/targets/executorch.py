"""ExecuTorch with the kernels of XNNPACK: https://docs.pytorch.org/executorch/1.5/runtime-python-api-reference.html.

Its memory is planned beforehand, here for batches of up to 32; larger ones are handed to it in pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "ExecuTorch (XNNPACK)"
FORMATS = ("executorch",)
PACKAGES = ("executorch",)
FRAMEWORK = "torch"

Array = np.ndarray[Any, Any]

MOST = 32


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import torch
    from executorch.runtime import Runtime, Verification

    program = Runtime.get().load_program(folder / "model.pte", verification=Verification.Minimal)
    method = program.load_method("forward")
    kept = (program,)  # the method reads its weights from it

    def piece(inputs: Sequence[Array]) -> list[Array]:
        found = method.execute([torch.from_numpy(np.array(x)) for x in inputs]) if kept else []
        return [each.numpy().copy() for each in found]  # the program writes its next outputs to the same place

    def predict(inputs: Sequence[Array]) -> list[Array]:
        starts = range(0, len(inputs[0]), MOST)
        pieces = [piece([x[start : start + MOST] for x in inputs]) for start in starts]
        return [np.concatenate(each) for each in zip(*pieces, strict=True)] if len(pieces) > 1 else pieces[0]

    return predict
