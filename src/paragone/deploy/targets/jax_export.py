"""JAX itself, from StableHLO that `jax.export` wrote: https://docs.jax.dev/en/latest/export/export.html (JAX 0.10)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "JAX (StableHLO)"
FORMATS = ("stablehlo",)
PACKAGES = ("jax",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import jax
    from jax import export

    exported = export.deserialize(bytearray((folder / "model.bin").read_bytes()))
    call = jax.jit(exported.call)
    return lambda inputs: [np.asarray(each) for each in jax.tree.leaves(call(*inputs))]
