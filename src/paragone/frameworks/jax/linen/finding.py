"""Finds the module of Flax Linen in a side's file, and makes a model of it and of the variables that the file keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any

from flax import linen

from paragone.frameworks.jax.linen.model import LinenModel, is_whole
from paragone.frameworks.jax.linen.stats import Stats
from paragone.frameworks.jax.trees.arguments import Arguments
from paragone.frameworks.jax.trees.model import TreeModel


def linen_of(own: Mapping[str, Any], state: Any) -> list[Any]:
    """The module of Linen whose method a `TrainState` applies, else the last one of the file, and all that are like it.

    Args:
        own: names of the file.
        state: its `TrainState`, if it has one.
    """
    values = [*own.values(), getattr(state.apply_fn, "__self__", None) if state else None]
    found = [value for value in values if isinstance(value, linen.Module)]
    return [one for one in found if type(one) is type(found[-1]) and one == found[-1]]


def of_apply(found: tuple[str, Any], modules: Sequence[Any], stats: Stats) -> tuple[TreeModel, Callable[..., Any]]:
    """A model of what `apply` computes, and what stands in its place from now on, in the file as well.

    Args:
        found: name of the parameters in the file, and they.
        modules: that are the same one.
        stats: collections beside the parameters.
    """
    module = modules[-1]
    apply, whole = module.apply, is_whole(found[1])

    def function(tree: Any, stats: Any, *x: Any, **given: Any) -> Any:
        return apply({**(tree if whole else {"params": tree}), **stats}, *x, **given)

    model = LinenModel(*found, function, Arguments.of(module.__call__, 0), type(module).__name__, stats)

    def routed(variables: Any, *x: Any, **given: Any) -> Any:
        params = {"params": variables["params"]} if whole else variables["params"]
        return model.routed((params, {k: v for k, v in variables.items() if k != "params"}), *x, **given)

    for one in modules:
        object.__setattr__(one, "apply", routed)  # a module of Linen is frozen
    return model, routed


def of_function(found: tuple[str, Any], called: Callable[..., Any], name: str) -> tuple[TreeModel, Callable[..., Any]]:
    """A model of a function of the file that calls `apply` itself, and what stands in its place.

    Args:
        found: name of the parameters in the file, and they.
        called: the function.
        name: of it.
    """

    def function(tree: Any, _stats: Any, *x: Any, **given: Any) -> Any:
        return called(tree, *x, **given)

    model = LinenModel(*found, function, Arguments.of(called, 1), name, {}, applies=False)

    @wraps(called)
    def routed(tree: Any, *x: Any, **given: Any) -> Any:
        return model.routed((tree, {}), *x, **given)

    return model, routed
