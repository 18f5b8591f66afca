"""The own step of a side in plain JAX, which is handed the tree and gives a new one back."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from numbers import Number
from typing import Any

import jax
from flax import nnx
from flax.training.train_state import TrainState

from paragone.frameworks.jax.linen.stats import found_in, given_as, is_bare, is_statistics, start_of
from paragone.frameworks.jax.loops import Stepping
from paragone.frameworks.jax.trees.arguments import is_key
from paragone.frameworks.jax.trees.finding import Tree
from paragone.frameworks.jax.trees.kept import Kept, kept_by
from paragone.frameworks.jax.trees.reading import TREES, beside, data_as
from paragone.frameworks.jax.trees.states import States
from paragone.frameworks.jax.trees.written_out import written_out
from paragone.frameworks.own_step import needed_of

STEPS = ("train_step", "update", "update_step", "step", "sgd_step", "train_batch")
"""What a step of one's own is called."""
_TREE, _STATE, _OPT_STATE, _TX, _CARRIED, _KEPT = "tree", "state", "opt_state", "tx", "carried", "kept"
_OPT_STATES = ("opt_state", "optimizer_state", "optim_state", "state")
_TRANSFORMATIONS = ("tx", "optimizer", "opt", "optim")

Parts = dict[str, Any]
"""What a step is handed beside its data, by what it is."""


def own_step(function: Any, names: Mapping[str, Any], tree: Tree, optimizer: Any) -> OwnStep | None:
    """The file's own step as `step(x, y)`, which gives its loss; None for no step, or one of an unknown form.

    Args:
        function: such as `train_step(params, opt_state, x, y)` or `train_step(state, batch)`.
        names: of the file, at its top level; a number that the step is handed is looked up there.
        tree: what the side has in the place of a module.
        optimizer: the `nnx.Optimizer` that keeps the transformation's state; None where there is no transformation.
    """
    handed = Handed.of(function, names, _Keeper(tree, optimizer))
    if handed is None:
        return None
    if handed.more:
        tree.model.count_passes()
    return OwnStep(handed, function)


def written_step(
    function: Any, names: MutableMapping[str, Any], tree: Tree, loss: Callable[..., Any]
) -> tuple[OwnStep, Any] | None:
    """The file's own step that writes an update out with what it keeps, and the optimizer that does the same.

    Args:
        function: such as `update(params, velocity, x, y)`.
        names: of the file, at its top level, where that begins which the step keeps.
        tree: what the side has in the place of a module.
        loss: of the file.
    """
    params = jax.tree.structure(tree.model.tree())
    keeper = _Keeper(tree, None)
    if not inspect.isfunction(inspect.unwrap(function)):
        return None
    needed = needed_of(function)
    role = next((name for name in needed if keeper.role_of(name) == _TREE), None)
    others = [name for name in needed if name != role and not is_statistics(name) and not is_key(name)]
    kept = kept_by(function, others, names, params, role, needed_of(loss)[1:]) if role else None
    if kept is None:
        return None
    keeper = _KeeperOfMore(tree, None, kept)
    handed = Handed.of(function, names, keeper)
    if handed is None or handed.more:
        return None

    def run(tree: Any, before: Mapping[str, Any]) -> Any:
        return handed(inspect.unwrap(function), {_TREE: tree, _KEPT: before}, None, None)

    tx = written_out(function, run, kept, loss, names, tree.model)
    if tx is None:
        return None
    optimizer = nnx.Optimizer(tree.model, tx, wrt=nnx.Param)
    keeper.keep_in(optimizer)
    return OwnStep(handed, function), optimizer


@dataclass(frozen=True)
class Handed:
    """What a step is handed.

    Args:
        needed: names of its arguments.
        keeper: of what it is handed and gives back.
        roles: what each of them is, but for data.
        more: those for statistics or keys.
        numbers: those for numbers of the file.
        taken: inputs and targets by names.
        names: of the file.
    """

    needed: Sequence[str]
    keeper: _Keeper
    roles: Mapping[str, str]
    more: Sequence[str]
    numbers: Mapping[str, Any]
    taken: Callable[[Any, Any], Mapping[str, Any]]
    names: Mapping[str, Any]

    @classmethod
    def of(cls, function: Any, names: Mapping[str, Any], keeper: _Keeper) -> Handed | None:
        """Of a step; None for one of an unknown form."""
        needed = needed_of(function)
        roles = {name: role for name in needed if (role := keeper.role_of(name))}
        more = [name for name in needed if name not in roles and (is_statistics(name) or is_key(name))]
        others = [name for name in needed if name not in roles and name not in more]
        numbers = {name: names[name] for name in others if isinstance(names.get(name), Number) and len(others) > 1}
        data = [name for name in others if name not in numbers]
        if not {_TREE, _STATE} & set(roles.values()) or len(data) not in (1, 2):
            return None
        return cls(needed, keeper, roles, more, numbers, data_as(function, data), names)

    def __call__(self, function: Callable[..., Any], parts: Parts, x: Any, y: Any) -> Any:
        """What the step gives back."""
        besides = {name: beside(name, parts[_CARRIED], self.names) for name in self.more}
        own = {name: parts[_KEPT][name] if role == _KEPT else parts[role] for name, role in self.roles.items()}
        given = {**own, **besides, **self.numbers, **self.taken(x, y)}
        return function(*(given[name] for name in self.needed))


class OwnStep:
    """A step that keeps what it is given back in the model and the optimizer.

    Args:
        handed: what the file's own function is handed.
        function: that function, whose code is looked at.
    """

    def __init__(self, handed: Handed, function: Any):
        self._handed, self._keeper = handed, handed.keeper
        self.__wrapped__ = function

    def __call__(self, x: Any, y: Any) -> Any:
        """One step; what it says of its loss."""
        parts = self._keeper.parts()
        said = self._run(parts, x, y)
        self._keeper.keep(parts)
        return said

    def _run(self, parts: Parts, x: Any, y: Any) -> Any:
        return self._keeper.sorted_into(parts, self._handed(self.__wrapped__, parts, x, y))

    def restart(self) -> None:
        """Forget what a `TrainState` counted and kept beside parameters, statistics and the optimizer's state."""
        self._keeper.restart()

    def alone(self) -> Stepping:
        """The same while nobody looks at the model: trees go from step to step, until they are put back."""
        parts = self._keeper.parts()
        return lambda x, y: self._run(parts, x, y), lambda: self._keeper.keep(parts)


class _Keeper:
    """Knows what a step is handed and what it gives back."""

    def __init__(self, tree: Tree, optimizer: Any):
        self._tree, self._optimizer, self._state = tree, optimizer, tree.state
        self._structure = jax.tree.structure(tree.model.tree())
        self._states = States(tree.model, optimizer) if optimizer is not None else None

    def role_of(self, name: str) -> str | None:
        """What an argument of this name is; None for data."""
        if self._tree.state is not None and (name == self._tree.name or name in ("state", "train_state")):
            return _STATE
        if name == self._tree.name or name.lower() in TREES:
            return _TREE
        if self._optimizer is not None and name.lower() in _OPT_STATES:
            return _OPT_STATE
        return _TX if self._optimizer is not None and name.lower() in _TRANSFORMATIONS else None

    def restart(self) -> None:
        """The state that the file made."""
        self._state = self._tree.state

    def parts(self) -> Parts:
        """As the model and the optimizer have them now."""
        carried = self._tree.model.carried()
        found: Parts = {_TREE: self._tree.model.tree(), _CARRIED: carried}
        if self._states is not None:
            found |= {_OPT_STATE: self._states.given(), _TX: self._optimizer.tx}
        if self._state is not None:
            fields = vars(self._state)
            kept = [name for name in fields if is_statistics(name) and carried.stats]
            stats = {name: given_as(carried.stats, bare=is_bare(name, fields)) for name in kept}
            found[_STATE] = self._state.replace(params=found[_TREE], opt_state=found[_OPT_STATE], **stats)
        return found

    def keep(self, parts: Parts) -> None:
        """Give the model and the optimizer what came of a step."""
        state = self._state = parts.get(_STATE)
        self._tree.model.take(parts[_TREE] if state is None else state.params)
        self._tree.model.keep(parts[_CARRIED])
        if self._states is not None:
            self._states.keep(parts[_OPT_STATE] if state is None else state.opt_state)

    def sorted_into(self, parts: Parts, given: Any) -> Any:
        """Put new parameters and new states among the parts; the rest is what the step says of its loss."""
        several = isinstance(given, (tuple, list)) and self._what(given) is None
        rest, before, stats = [], parts[_CARRIED], None
        for part in given if several else (given,):
            what = self._what(part)
            if what is not None:
                parts[what] = part
            else:
                stats = found_in(part, before.stats) or stats
                rest.append(part)
        if stats is None and self._state is not None:
            stats = start_of({}, parts[_STATE])
        parts[_CARRIED] = before.after(stats or None)
        return _told(rest)

    def _what(self, part: Any) -> str | None:
        if isinstance(part, TrainState):
            return _STATE
        structure = jax.tree.structure(part)
        if structure == self._structure:
            return _TREE
        return _OPT_STATE if self._states is not None and structure == self._states.structure else None


class _KeeperOfMore(_Keeper):
    """The same of a step that writes its update out, and keeps more than parameters; the optimizer keeps that."""

    def __init__(self, tree: Tree, optimizer: Any, kept: Kept):
        super().__init__(tree, optimizer)
        self._kept = kept

    def keep_in(self, optimizer: Any) -> None:
        """Keep it in this optimizer."""
        self._optimizer, self._states = optimizer, States(self._tree.model, optimizer)

    def role_of(self, name: str) -> str | None:
        """What an argument of this name is; None for data."""
        return _KEPT if name in self._kept.start else super().role_of(name) if name == self._kept.role else None

    def parts(self) -> Parts:
        """As the model and the optimizer have them now."""
        parts = super().parts()
        return {**parts, _KEPT: self._kept.of_nodes(parts[_OPT_STATE])}

    def sorted_into(self, parts: Parts, given: Any) -> Any:
        """Put new parameters and what is kept among the parts; the rest is what the step says of its loss."""
        parts[_TREE], parts[_KEPT], rest = self._kept.after(parts[_KEPT], given)
        parts[_OPT_STATE] = tuple(self._kept.nodes(parts[_KEPT]))
        parts[_CARRIED] = parts[_CARRIED].after(None)
        return _told(rest)


def _told(rest: Sequence[Any]) -> Any:
    return tuple(rest) if len(rest) > 1 else rest[0] if rest else None
