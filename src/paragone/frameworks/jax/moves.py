"""What a transformation of Optax' kind does to a few weights, without its side."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from paragone.frameworks.base import Array
from paragone.meaning.optimizer import GRADIENTS, START

_in_float64 = jax.enable_x64 if hasattr(jax, "enable_x64") else jax.experimental.enable_x64
"""jax/_src/config.py, 0.10; in jax.experimental before 0.8."""


def moves(
    tx: Any, cells: Mapping[str, Any], rate: Callable[[Any], Any] | None
) -> tuple[list[Array], list[float], dict[str, Any]] | None:
    """The weights after each update, the rates, and the numbers in its closures; None where that cannot be told.

    Args:
        tx: of the side; it has no state of its own.
        cells: its numbers, as `maker.variable`.
        rate: the learning rate at a count of updates, from 0.
    """
    if rate is None:
        return None
    found = []
    try:
        with _in_float64(True):
            weights: Any = {"kernel": jnp.asarray(START)}
            state = tx.init(weights)
            for gradient in GRADIENTS:
                moved, state = tx.update({"kernel": jnp.asarray(gradient)}, state, weights)
                weights = jax.tree.map(jnp.add, weights, moved)
                found.append(np.asarray(weights["kernel"]))
            rates = [float(rate(count)) for count in range(len(found))]
    except Exception:  # it is the user's own: what it raises here says nothing about the side
        return None
    numbers = {name.rpartition(".")[2]: cell.cell_contents for name, cell in cells.items()}
    return found, rates, {name: value for name, value in numbers.items() if isinstance(value, (bool, int, float))}
