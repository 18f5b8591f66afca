"""Finds the tree of parameters in a side's file, and the function that computes with it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

from flax.training.train_state import TrainState

from paragone.frameworks.jax.linen.finding import linen_of, of_apply, of_function
from paragone.frameworks.jax.linen.stats import is_statistics, start_of
from paragone.frameworks.jax.trees.arguments import Arguments
from paragone.frameworks.jax.trees.model import TreeModel, is_tree
from paragone.frameworks.jax.trees.reading import TREES, called_with
from paragone.frameworks.own_step import needed_of

_FORWARDS = (
    *("batched_forward", "batched_predict", "batch_forward", "forward", "apply", "predict", "apply_fn", "model"),
    *("net", "network", "mlp", "cnn", "model_fn"),
)
_DATA = {"data", "dataset", "batch", "train", "test", "val", "sample", "examples", "images", "inputs", "x", "y"}
"""First words of the names of what a file computes with, and does not train."""


@dataclass(frozen=True)
class Tree:
    """What a file has in the place of an NNX module.

    Args:
        name: of the tree of arrays, or of the `TrainState` that has it.
        model: the module that holds it for us.
        state: the file's `TrainState`, if it has one.
    """

    name: str
    model: TreeModel
    state: TrainState | None = None


def find_tree(names: dict[str, Any], loss: Any) -> Tree | None:
    """The parameters of a file and its function; None where one of them is not to be found.

    From then on, whoever in the file calls the function calls the module that holds the tree.

    Args:
        names: of the file, at its top level.
        loss: its loss function, which mostly calls the model's.
    """
    own = {name: value for name, value in names.items() if not name.startswith("_")}
    state = next(((name, value) for name, value in own.items() if isinstance(value, TrainState)), None)
    found = ("params", state[1].params) if state else _only(own)
    if found is None:
        return None
    kept = state[1] if state else None
    linen, stats = linen_of(own, kept), start_of(own, kept)
    function = _called_by(loss, own) or (None if linen else _applied_by(state, own) or _usual(own))
    if stats and (function is not None or not linen):
        return None  # a function of more than parameters, of which nobody says how it takes the rest
    if function is None:
        return _of_state(found[0], *of_apply(found, linen, stats), state) if linen else None
    called = names[function]
    make = of_function if linen else _of_function
    model, names[function] = make(found, called, function)
    applied = names[function] if kept is None or kept.apply_fn is called else kept.apply_fn
    return _of_state(found[0], model, applied, state)


def _of_state(name: str, model: TreeModel, routed: Callable[..., Any], state: tuple[str, TrainState] | None) -> Tree:
    """Where a `TrainState` has the tree, with another function in it."""
    return Tree(name, model) if state is None else Tree(state[0], model, state[1].replace(apply_fn=routed))


def _of_function(found: tuple[str, Any], called: Callable[..., Any], name: str) -> tuple[TreeModel, Callable[..., Any]]:
    """A model of a function of the file, and what whoever looks it up there finds."""
    model = TreeModel(*found, called, Arguments.of(called, 1), name)

    @wraps(called)
    def routed(tree: Any, *x: Any, **given: Any) -> Any:
        return model.routed(tree, *x, **given)

    return model, routed


def _only(own: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The tree by its name, else the only one."""
    trees = {name: value for name, value in own.items() if is_tree(value) and not _is_of_optax(value)}
    trees = {name: _parameters_of(value) for name, value in trees.items() if not is_statistics(name)}
    others = [name for name in trees if name.lower().partition("_")[0] not in _DATA]
    known = [name for name in TREES if name in trees] or (others if len(others) == 1 else [])
    return (known[0], trees[known[0]]) if known else None


def _parameters_of(value: Any) -> Any:
    """Those of a dict of all collections of Linen."""
    several = isinstance(value, Mapping) and "params" in value and len(value) > 1
    return value["params"] if several else value


def _is_of_optax(value: Any) -> bool:
    """Whether it is an optimizer's state: named tuples, mostly in a tuple."""
    parts = value if type(value) is tuple else (value,)
    return any(type(part).__module__.partition(".")[0] == "optax" for part in parts)


def _called_by(loss: Any, own: Mapping[str, Any]) -> str | None:
    """The function of the file that the loss calls with its first argument and inputs, and not with a whole batch."""
    needed = needed_of(loss)
    if not needed:
        return None
    batch = {needed[1]} if len(needed) == 2 else set()
    called = called_with(loss, needed[0], but_not=batch | {name for name, value in own.items() if _is_number(value)})
    found = [node.id for node in called if isinstance(node, ast.Name) and callable(own.get(node.id))]
    return next((name for name in found if name in _FORWARDS), found[0] if found else None)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _usual(own: Mapping[str, Any]) -> str | None:
    """A function with a usual name, of a tree and at least one input."""
    fits = (name for name in _FORWARDS if inspect.isroutine(own.get(name)) and len(needed_of(own[name])) > 1)
    return next(fits, None)


def _applied_by(state: tuple[str, TrainState] | None, own: Mapping[str, Any]) -> str | None:
    """The name of the function that a `TrainState` applies."""
    return next((name for name, value in own.items() if state and value is state[1].apply_fn), None)
