"""The loss of a side in plain JAX, which is handed the tree, as a loss of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import jax

from paragone.frameworks.jax.linen.stats import found_in, is_statistics
from paragone.frameworks.jax.trees.arguments import is_key
from paragone.frameworks.jax.trees.reading import TREES, beside, data_as
from paragone.frameworks.own_step import needed_of


def loss_of_tree(loss: Any, name: str, names: Mapping[str, Any]) -> Any:
    """A loss of the tree as a loss of the model; one of outputs and targets as it is.

    Args:
        loss: of the file.
        name: of the tree in it.
        names: of the file, at its top level.
    """
    loss = loss.__wrapped__ if isinstance(loss, jax.stages.Wrapped) else loss  # a trace of it would not see the mode
    needed = needed_of(loss)
    more = [one for one in needed[1:] if is_statistics(one) or is_key(one)]
    data = [one for one in needed[1:] if one not in more]
    named = bool(more) or (bool(needed) and needed[0].lower() in (*TREES, name.lower()))
    if not (len(data) == 2 or (len(data) == 1 and named)):
        return loss
    taken = data_as(loss, data)

    @wraps(loss, updated=())
    def of_tree(model: Any, x: Any, y: Any) -> Any:
        carried = model.carried()
        given = {needed[0]: model.tree(), **taken(x, y), **{one: beside(one, carried, names) for one in more}}
        found = loss(*(given[one] for one in needed))
        if more:
            model.keep(carried.after(found_in(found, carried.stats)))
        return found

    return _renamed(of_tree)


def _renamed(function: Callable[..., Any]) -> Callable[..., Any]:
    """With the signature `(model, x, y)`, whatever the function that it calls is given."""
    del function.__wrapped__  # type: ignore[attr-defined]  # `wraps` sets it
    return function
