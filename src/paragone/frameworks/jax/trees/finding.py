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

from paragone.frameworks.jax.trees.model import Forward, TreeModel, is_tree
from paragone.frameworks.jax.trees.reading import TREES, batch_form, called_with, names_of

_FORWARDS = (
    *("batched_forward", "batched_predict", "batch_forward", "forward", "apply", "predict", "apply_fn", "model"),
    *("net", "network", "mlp", "cnn", "model_fn"),
)
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


def find_tree(names: Mapping[str, Any], loss: Any) -> Tree | None:
    """The parameters of a file and its function; None where one of them is not to be found.

    Args:
        names: of the file, at its top level.
        loss: its loss function, which mostly calls the model's.
    """
    own = {name: value for name, value in names.items() if not name.startswith("_")}
    state = next(((name, value) for name, value in own.items() if isinstance(value, TrainState)), None)
    found = ("params", state[1].params) if state else _only(own)
    if found is None or _has_state(own, found[1]):
        return None
    forward = _forward(own, loss, found[1], state[1] if state else None)
    if forward is None:
        return None
    title, function = forward
    return Tree(state[0] if state else found[0], TreeModel(found[0], found[1], function, title), state and state[1])


def _only(own: Mapping[str, Any]) -> tuple[str, Any] | None:
    """The tree by its name, else the only one."""
    trees = {name: value for name, value in own.items() if is_tree(value) and not _is_of_optax(value)}
    known = [name for name in TREES if name in trees] or (list(trees) if len(trees) == 1 else [])
    return (known[0], trees[known[0]]) if known else None


def _is_of_optax(value: Any) -> bool:
    """Whether it is an optimizer's state: named tuples, mostly in a tuple."""
    parts = value if type(value) is tuple else (value,)
    return any(type(part).__module__.partition(".")[0] == "optax" for part in parts)


def _has_state(own: Mapping[str, Any], tree: Any) -> bool:
    """Whether a Linen model keeps more than parameters, such as running statistics, which a tree does not show."""
    several = isinstance(tree, Mapping) and "params" in tree and len(tree) > 1
    return several or any(name in own for name in ("batch_stats", "model_state"))


def _forward(own: Mapping[str, Any], loss: Any, tree: Any, state: TrainState | None) -> tuple[str, Forward] | None:
    """What the loss calls with its tree; else a module of Linen; else a function with a usual name."""
    if callable(loss) and names_of(loss):
        for node in called_with(loss, names_of(loss)[0]):
            if isinstance(node, ast.Attribute) and node.attr in ("apply", "apply_fn"):
                break
            if isinstance(node, ast.Name) and callable(own.get(node.id)):
                return node.id, _evaluated(own[node.id])
    if (linen := _linen(own)) is not None:
        return linen[0], partial(_applied, linen[1].apply, linen[1].__call__, _wraps(tree))
    if state is not None:
        return "apply_fn", partial(_applied, state.apply_fn, state.apply_fn, _wraps(tree))
    name = next((name for name in _FORWARDS if _takes_tree(own.get(name))), None)
    return None if name is None else (name, _evaluated(own[name]))


def _takes_tree(value: Any) -> bool:
    return inspect.isroutine(value) and len(names_of(value)) > 1


def _linen(own: Mapping[str, Any]) -> tuple[str, Any] | None:
    linen = sys.modules.get("flax.linen")
    found = [(name, value) for name, value in own.items() if linen is not None and isinstance(value, linen.Module)]
    return (type(found[-1][1]).__name__, found[-1][1]) if found else None


def _wraps(tree: Any) -> bool:
    """Whether the tree has to be called `params` for Linen, which a tree of all variables does itself."""
    return not (isinstance(tree, Mapping) and set(tree) == {"params"})


def _applied(apply: Callable[..., Any], call: Any, wraps: bool, tree: Any, *x: Any, training: bool) -> Any:
    return apply({"params": tree} if wraps else tree, *x, **_flags(call, training))


def _evaluated(function: Callable[..., Any]) -> Forward:
    @wraps(function)
    def forward(tree: Any, *x: Any, training: bool) -> Any:
        return function(tree, *x, **_flags(function, training))

    return forward


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
    needed = names_of(loss) if callable(loss) else []
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
