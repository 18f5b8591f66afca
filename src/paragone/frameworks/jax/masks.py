"""Which parameters a chain of Optax leaves without weight decay: `add_decayed_weights` inside of `masked`.

optax/transforms/_masking.py, 0.2.8: the mask is a tree of truth values, or a function that makes one of the parameters;
a truth value may stand for all that is below it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from paragone.frameworks.jax.closures import enclosed, makers

_DECAY = ["add_decayed_weights"]
_CHOOSING = {f"{maker}.<locals>.update_fn" for maker in ("masked", "partition", "multi_transform")}


def masks_of(update: Any) -> list[Any]:
    """The mask of every decay in a chain that has one."""
    return [found["mask"] for found in _choosing(update) if _is_of_decay(found)]


def on_all(update: Any) -> bool:
    """Whether a chain does the same to all parameters, but for their weight decay."""
    return all(_is_of_decay(found) for found in _choosing(update))


def may_choose(update: Any) -> bool:
    """Whether a chain may leave parameters where they are: some of its transformations are for others alone."""
    names = {name for name, _ in enclosed(update, set())}
    return not on_all(update) or any(name.startswith("set_to_zero.") for name in names)


def decayed(tx: Any, model: nnx.Module, wrt: Any) -> Any | None:
    """The parameters as a tree, 1 where they are decayed and 0 elsewhere; None where no mask says so.

    Args:
        tx: the transformation.
        model: whose parameters it moves.
        wrt: which of its variables are parameters.
    """
    masks = masks_of(tx.update)
    if len(masks) != 1:
        return None
    parameters = nnx.as_pure(nnx.state(model, wrt))
    mask = masks[0](parameters) if callable(masks[0]) else masks[0]
    return jax.tree.map(_filled, mask, parameters)


def _filled(kept: Any, below: Any) -> Any:
    return jax.tree.map(lambda leaf: jnp.full_like(leaf, 1.0 if kept else 0.0), below)


def _is_of_decay(found: dict[str, Any]) -> bool:
    inner = getattr(found.get("inner"), "update", None)
    return "mask" in found and inner is not None and makers(inner) == _DECAY


def _choosing(update: Any) -> Iterator[dict[str, Any]]:
    """What the transformations that choose among the parameters were made of."""
    for name, found in enclosed(update, set()):
        if name in _CHOOSING:
            yield found
