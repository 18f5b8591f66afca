"""StableHLO as `jax.export` writes it: https://docs.jax.dev/en/latest/export/export.html (JAX 0.10)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ()


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import jax
    from jax import export

    from paragone.frameworks.jax.exporting import evaluated, open_batch

    with evaluated(side) as model:
        path.write_bytes(export.export(jax.jit(model))(*open_batch(inputs)).serialize())
