"""PyTorch compiled ahead of time by Inductor: https://docs.pytorch.org/docs/2.13/torch.compiler_aot_inductor.html."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "AOTInductor"
FORMATS = ("aot_inductor",)
PACKAGES = ("torch",)
PROGRAMS = ("g++",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import torch
    from torch.utils import _pytree as pytree

    model = torch._inductor.aoti_load_package(str(folder / "model.pt2"))

    def predict(inputs: Sequence[Array]) -> list[Array]:
        with torch.no_grad():
            found = model(*(torch.from_numpy(x) for x in inputs))
        return [each.numpy() for each in pytree.tree_leaves(found)]

    return predict
