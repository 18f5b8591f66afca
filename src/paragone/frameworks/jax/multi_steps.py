"""`optax.MultiSteps`: a transformation around another one, which adds gradients up.

It is in optax/transforms/_accumulation.py (0.2.8). What it adds up it keeps in float32 unless it is told otherwise,
also where all else is in float64.
"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import optax

from paragone.frameworks.accumulating import MEAN, SUM, Rhythm

_LATER = 1_000_000


def multi_steps(tx: Any) -> Any | None:
    """The object that a transformation is, or the methods of which it is made."""
    found = tx if isinstance(tx, optax.MultiSteps) else getattr(getattr(tx, "update", None), "__self__", None)
    return found if isinstance(found, optax.MultiSteps) else None


def inner_of(tx: Any) -> Any:
    """The transformation that is given the gradients when they are added up."""
    found = multi_steps(tx)
    return tx if found is None else found.inner_opt


def inner_state(state: Any) -> Any:
    """The state of that transformation."""
    return state.inner_opt_state if hasattr(state, "inner_opt_state") else state


def rhythm_of(found: Any, dtype: str) -> Rhythm | None:
    """After how many batches it steps; None where that changes.

    Args:
        found: an `optax.MultiSteps`.
        dtype: the precision that the side computes in.
    """
    batches, later = (int(found._every_k_schedule(step)) for step in (0, _LATER))
    rounded = dtype == "float64" and jnp.dtype(found._accumulator_dtype) == jnp.float32
    return Rhythm(batches, MEAN if found._use_grad_mean else SUM, rounded) if batches == later else None


def with_rhythm(tx: Any, rhythm: Rhythm, dtype: str) -> Any:
    """The same transformation that steps after so many batches.

    Raises:
        NotImplementedError: it steps at each batch so far.
    """
    if rhythm.batches == 1:
        return inner_of(tx)
    if multi_steps(tx) is None:
        raise NotImplementedError("a side that steps at each batch is not made to add up")
    kept = {"use_grad_mean": rhythm.form == MEAN, "accumulator_dtype": "float32" if rhythm.rounded else dtype}
    return optax.MultiSteps(inner_of(tx), rhythm.batches, **kept)


def around(tx: Any, made: Any) -> Any:
    """What stands around a transformation, around another one."""
    found = multi_steps(tx)
    if found is None:
        return made
    kept = {"use_grad_mean": found._use_grad_mean, "accumulator_dtype": found._accumulator_dtype}
    return optax.MultiSteps(made, found._every_k_schedule, **kept)
