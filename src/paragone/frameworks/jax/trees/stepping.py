"""The own step of a side in plain JAX, which is handed the tree and gives a new one back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from numbers import Number
from typing import Any

import jax
from flax.training.train_state import TrainState

from paragone.frameworks.jax.trees.finding import Tree
from paragone.frameworks.jax.trees.reading import TREES, batch_form, names_of
from paragone.frameworks.jax.trees.states import States

STEPS = ("train_step", "update", "update_step", "step", "sgd_step", "train_batch")
"""What a step of one's own is called."""
_STATES = ("opt_state", "optimizer_state", "optim_state", "state")
_TRANSFORMATIONS = ("tx", "optimizer", "opt", "optim")

Step = Callable[[Any, Any], Any]


def own_step(function: Any, names: Mapping[str, Any], tree: Tree, optimizer: Any) -> Step | None:
    """The file's own step as `step(x, y)`, which gives its loss; None for no step, or one of an unknown form.

    Args:
        function: such as `train_step(params, opt_state, x, y)` or `train_step(state, batch)`.
        names: of the file, at its top level; a number that the step is handed is looked up there.
        tree: what the side has in the place of a module.
        optimizer: the `nnx.Optimizer` that keeps the transformation's state; None where there is no transformation.
    """
    needed = names_of(function) if callable(function) else []
    keeper = _Keeper(tree, optimizer)
    given = {name: keeper.role_of(name) for name in needed}
    data = [name for name, role in given.items() if role is None]
    numbers = {name: names[name] for name in data if isinstance(names.get(name), Number) and len(data) > 1}
    data = [name for name in data if name not in numbers]
    if not any(role in ("tree", "state") for role in given.values()) or len(data) not in (1, 2):
        return None
    form = batch_form(function, data[0])

    def step(x: Any, y: Any) -> Any:
        parts = {name: keeper.part(role) for name, role in given.items() if role}
        values = {data[0]: x, data[1]: y} if len(data) == 2 else {data[0]: form(x, y)}
        arguments = {**parts, **numbers, **values}
        return keeper.kept(function(*(arguments[name] for name in needed)))

    return step


class _Keeper:
    """Hands a step what the model and the optimizer keep, and keeps what it gives back."""

    def __init__(self, tree: Tree, optimizer: Any):
        self._tree, self._optimizer = tree, optimizer
        self._structure = jax.tree.structure(tree.model.tree())
        self._states = States(tree.model, optimizer) if optimizer is not None else None

    def role_of(self, name: str) -> str | None:
        """What an argument of this name is; None for data."""
        if self._tree.state is not None and (name == self._tree.name or name in ("state", "train_state")):
            return "state"
        if name == self._tree.name or name.lower() in TREES:
            return "tree"
        if self._optimizer is not None and name.lower() in _STATES:
            return "opt_state"
        return "tx" if self._optimizer is not None and name.lower() in _TRANSFORMATIONS else None

    def part(self, role: str) -> Any:
        """What is handed over."""
        return {"tree": self._tree.model.tree, "opt_state": self._opt_state, "tx": self._tx, "state": self._state}[
            role
        ]()

    def _tx(self) -> Any:
        return self._optimizer.tx

    def _opt_state(self) -> Any:
        assert self._states is not None  # a step is handed it only where there is a transformation
        return self._states.given()

    def _state(self) -> Any:
        assert self._tree.state is not None
        return self._tree.state.replace(params=self._tree.model.tree(), opt_state=self._opt_state())

    def kept(self, given: Any) -> Any:
        """Keep new parameters and a new state of the optimizer; the rest is what the step says of its loss."""
        whole = isinstance(given, (tuple, list)) and jax.tree.structure(given) != self._structure
        rest = [part for part in (given if whole else [given]) if not self._took(part)]
        return tuple(rest) if len(rest) > 1 else rest[0] if rest else None

    def _took(self, part: Any) -> bool:
        if isinstance(part, TrainState):
            return self._took(part.params) and self._took(part.opt_state)
        structure = jax.tree.structure(part)
        if structure == self._structure:
            self._tree.model.take(part)
            return True
        if self._states is not None and structure == self._states.structure:
            self._states.keep(part)
            return True
        return False
