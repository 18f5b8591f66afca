"""Finds the tree of parameters in a side's file, and the function that computes with it."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from flax.training.train_state import TrainState

from paragone.frameworks.jax.trees.model import TreeModel, is_tree
from paragone.frameworks.jax.trees.reading import TREES, batch_form, called_with
from paragone.frameworks.own_step import needed_of

_FORWARDS = (
    *("batched_forward", "batched_predict", "batch_forward", "forward", "apply", "predict", "apply_fn", "model"),
    *("net", "network", "mlp", "cnn", "model_fn"),
)
_DATA = {"data", "dataset", "batch", "train", "test", "val", "sample", "examples", "images", "inputs", "x", "y"}
"""First words of the names of what a file computes with, and does not train."""
_TRAINING = {"train": True, "training": True, "is_training": True, "deterministic": False, "eval_mode": False}
"""Arguments that say whether it is training, and their value there."""


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
    if found is None or _has_state(own, found[1]):
        return None
    linen = _linen(own, state[1] if state else None)
    function = _called_by(loss, own) or (None if linen else _applied_by(state, own) or _usual(own))
    if function is not None:
        return _of_function(found, function, names, state)
    return None if linen is None else _of_linen(found, linen, state)


def _of_function(
    found: tuple[str, Any], function: str, names: dict[str, Any], state: tuple[str, TrainState] | None
) -> Tree:
    """A function of the file, which whoever looks it up there finds replaced."""
    called = names[function]
    model = TreeModel(*found, called, partial(_flags, called), function)
    names[function] = _in_its_place(called, model)
    if state is None:
        return Tree(found[0], model)
    routed = names[function] if state[1].apply_fn is called else state[1].apply_fn
    return Tree(state[0], model, state[1].replace(apply_fn=routed))


def _in_its_place(function: Callable[..., Any], model: TreeModel) -> Callable[..., Any]:
    @wraps(function)
    def routed(tree: Any, *x: Any, **given: Any) -> Any:
        return model.routed(tree, *x, **given)

    return routed


def _of_linen(found: tuple[str, Any], linen: Any, state: tuple[str, TrainState] | None) -> Tree:
    """A module of Linen."""
    wrapped = not (isinstance(found[1], Mapping) and set(found[1]) == {"params"})  # else a tree of all variables
    apply = linen.apply

    def function(tree: Any, *x: Any, **given: Any) -> Any:
        return apply({"params": tree} if wrapped else tree, *x, **given)

    model = TreeModel(*found, function, partial(_flags, linen.__call__), type(linen).__name__)

    def routed(variables: Any, *x: Any, **given: Any) -> Any:
        return model.routed(variables["params"] if wrapped else variables, *x, **given)

    object.__setattr__(linen, "apply", routed)  # a module of Linen is frozen
    if state is None:
        return Tree(found[0], model)
    return Tree(state[0], model, state[1].replace(apply_fn=routed))


def _only(own: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The tree by its name, else the only one."""
    trees = {name: value for name, value in own.items() if is_tree(value) and not _is_of_optax(value)}
    others = [name for name in trees if name.lower().partition("_")[0] not in _DATA]
    known = [name for name in TREES if name in trees] or (others if len(others) == 1 else [])
    return (known[0], trees[known[0]]) if known else None


def _is_of_optax(value: Any) -> bool:
    """Whether it is an optimizer's state: named tuples, mostly in a tuple."""
    parts = value if type(value) is tuple else (value,)
    return any(type(part).__module__.partition(".")[0] == "optax" for part in parts)


def _has_state(own: Mapping[str, Any], tree: Any) -> bool:
    """Whether a Linen model keeps more than parameters, such as running statistics, which a tree does not show."""
    several = isinstance(tree, Mapping) and "params" in tree and len(tree) > 1
    return several or any(name in own for name in ("batch_stats", "model_state"))


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


def _linen(own: Mapping[str, Any], state: TrainState | None) -> Any:
    """The module of Linen whose method a `TrainState` applies, else the last one of the file."""
    linen = sys.modules.get("flax.linen")
    if linen is None:
        return None
    values = [*own.values(), getattr(state.apply_fn, "__self__", None) if state else None]
    found = [value for value in values if isinstance(value, linen.Module)]
    return found[-1] if found else None


def _flags(function: Callable[..., Any], training: bool) -> dict[str, bool]:
    """The arguments of a function that say whether it is training."""
    try:
        names = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return {}
    return {name: value if training else not value for name, value in _TRAINING.items() if name in names}


def loss_of_tree(loss: Any, name: str) -> Any:
    """A loss of the tree as a loss of the model; one of outputs and targets as it is.

    Args:
        loss: of the file.
        name: of the tree in it.
    """
    needed = needed_of(loss)
    takes_tree = len(needed) == 3 or (len(needed) == 2 and needed[0].lower() in (*TREES, name.lower()))
    if not takes_tree:
        return loss
    if len(needed) == 3:

        @wraps(loss, updated=())
        def of_three(model: Any, x: Any, y: Any) -> Any:
            return loss(model.tree(), x, y)

        return _renamed(of_three)
    form = batch_form(loss, needed[1])

    @wraps(loss, updated=())
    def of_batch(model: Any, x: Any, y: Any) -> Any:
        return loss(model.tree(), form(x, y))

    return _renamed(of_batch)


def _renamed(function: Any) -> Any:
    """With the signature `(model, x, y)`, whatever the function that it calls is given."""
    del function.__wrapped__
    return function
