"""In which order a function first uses the leaves of a tree: the order of its layers, whatever the tree calls them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
from jax.extend.core import ClosedJaxpr, Jaxpr, Literal

Order = tuple[int, ...]


def first_uses(function: Callable[..., Any], tree: Any, *rest: Any) -> Order:
    """Places of the leaves of a tree, the first used first; those that are not used come last.

    As they are, where the function asks for values and so cannot be traced.

    Args:
        function: of the tree and the rest; it is traced, and not run.
        tree: of arrays.
        rest: further arguments.
    """
    count = len(jax.tree.leaves(tree))
    try:
        closed = jax.make_jaxpr(function)(tree, *rest)
    except jax.errors.ConcretizationTypeError:
        return tuple(range(count))
    found: dict[int, None] = {}
    _note(closed.jaxpr, {var: place for place, var in enumerate(closed.jaxpr.invars[:count])}, found)
    return (*found, *(place for place in range(count) if place not in found))


def _note(jaxpr: Any, places: Mapping[Any, int], found: dict[int, None]) -> None:
    for eqn in jaxpr.eqns:
        inside = _inside(eqn.params.values(), len(eqn.invars))
        if inside is not None:
            given = zip(inside.invars, eqn.invars, strict=True)
            _note(inside, {own: places[var] for own, var in given if _known(var, places)}, found)
            continue
        for var in eqn.invars:
            if _known(var, places):
                found.setdefault(places[var])


def _known(var: Any, places: Mapping[Any, int]) -> bool:
    return not isinstance(var, Literal) and var in places


def _inside(params: Sequence[Any], count: int) -> Any:
    """What an operation consists of, where it hands on all that it is given."""
    bodies = [one.jaxpr if isinstance(one, ClosedJaxpr) else one for one in params]
    return next((one for one in bodies if isinstance(one, Jaxpr) and len(one.invars) == count), None)
