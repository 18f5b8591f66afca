"""A rule as an Optax transformation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import optax

from paragone.frameworks.known_optimizer import Ruled
from paragone.meaning.numpy_numbers import NumpyNumbers
from paragone.optimizers.rule import At, clipped, updated

_NUMBERS = NumpyNumbers(jnp)


def transformation(ruled: Ruled, rate_at: Callable[[Any], Any] | None, groups: Sequence[int] = ()) -> Any:
    """An Optax transformation that follows a rule.

    Args:
        ruled: the rule.
        rate_at: the learning rate of the side at a count of updates, from 0.
        groups: for each parameter the number of its group, where the rule has several.
    """

    def own_of(number: int) -> Ruled:
        return ruled.groups[groups[number]] if ruled.groups else ruled

    def init(params: Any) -> Any:
        owned = [(own_of(number), leaf) for number, leaf in enumerate(jax.tree.leaves(params))]
        slots = [
            {name: jnp.full_like(leaf, value) for name, value in own.rule.slots(own.options).items()}
            for own, leaf in owned
        ]
        return {"count": jnp.zeros([], jnp.int32), "slots": slots}

    def update(gradients: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        given, tree = jax.tree.flatten(gradients)
        weights = jax.tree.leaves(params)
        count = state["count"]
        moves, kept = [], []
        given = clipped(_NUMBERS, ruled.options, given)
        for number, (gradient, weight, slots) in enumerate(zip(given, weights, state["slots"], strict=True)):
            own = own_of(number)
            at = At((count + 1).astype(weight.dtype), _rate(own, rate_at, count, weight), weight, gradient, slots)
            moved, new = updated(_NUMBERS, own.rule, own.options, at)
            moves.append(moved - weight)
            kept.append(dict(new))
        return jax.tree.unflatten(tree, moves), {"count": count + 1, "slots": kept}

    return optax.GradientTransformation(init, update)


def _rate(ruled: Ruled, rate_at: Callable[[Any], Any] | None, count: Any, weight: Any) -> Any:
    if ruled.rates:
        rates = jnp.asarray(ruled.rates, dtype=weight.dtype)
        return rates[jnp.minimum(count, len(ruled.rates) - 1)]
    assert rate_at is not None
    return jnp.asarray(rate_at(count), dtype=weight.dtype) * ruled.factor


def without_moves(own: Any, paths: Collection[str]) -> Any:
    """A transformation that leaves the parameters under these paths where they are."""

    def update(gradients: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        moves, kept = own.update(gradients, state, params)
        return _zeroed(moves, paths), kept

    return optax.GradientTransformation(own.init, update)


def without_gradients(own: Any, paths: Collection[str]) -> Any:
    """A transformation that takes the gradients of the parameters under these paths for zero."""

    def update(gradients: Any, state: Any, params: Any = None) -> tuple[Any, Any]:
        moves, kept = own.update(_zeroed(gradients, paths), state, params)
        return moves, kept

    return optax.GradientTransformation(own.init, update)


def _zeroed(tree: Any, paths: Collection[str]) -> Any:
    def zero(path: Any, leaf: Any) -> Any:
        named = [str(getattr(key, "key", getattr(key, "idx", getattr(key, "name", key)))) for key in path]
        found = any(".".join(named[:n]) in paths for n in range(1, len(named) + 1))
        return jnp.zeros_like(leaf) if found else leaf

    return jax.tree_util.tree_map_with_path(zero, tree)
