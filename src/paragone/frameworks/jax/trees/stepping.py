"""The own step of a side in plain JAX, which is handed the tree and gives a new one back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from numbers import Number
from typing import Any

import jax
from flax.training.train_state import TrainState

from paragone.frameworks.jax.linen.stats import found_in, given_as, is_bare, is_statistics, start_of
from paragone.frameworks.jax.loops import Stepping
from paragone.frameworks.jax.trees.arguments import is_key
from paragone.frameworks.jax.trees.finding import Tree
from paragone.frameworks.jax.trees.reading import TREES, beside, data_as
from paragone.frameworks.jax.trees.states import States
from paragone.frameworks.own_step import needed_of

STEPS = ("train_step", "update", "update_step", "step", "sgd_step", "train_batch")
"""What a step of one's own is called."""
_TREE, _STATE, _OPT_STATE, _TX, _CARRIED = "tree", "state", "opt_state", "tx", "carried"
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
    needed = needed_of(function)
    keeper = _Keeper(tree, optimizer)
    roles = {name: role for name in needed if (role := keeper.role_of(name))}
    more = [name for name in needed if name not in roles and (is_statistics(name) or is_key(name))]
    others = [name for name in needed if name not in roles and name not in more]
    numbers = {name: names[name] for name in others if isinstance(names.get(name), Number) and len(others) > 1}
    data = [name for name in others if name not in numbers]
    if not {_TREE, _STATE} & set(roles.values()) or len(data) not in (1, 2):
        return None
    taken = data_as(function, data)
    if more:
        tree.model.count_passes()

    def run(parts: Parts, x: Any, y: Any) -> Any:
        besides = {name: beside(name, parts[_CARRIED], names) for name in more}
        given = {**{name: parts[role] for name, role in roles.items()}, **besides, **numbers, **taken(x, y)}
        return function(*(given[name] for name in needed))

    return OwnStep(run, keeper, function)


class OwnStep:
    """A step that keeps what it is given back in the model and the optimizer.

    Args:
        run: the file's own function, given the parts and a batch.
        keeper: of what it is handed and gives back.
        function: that function, whose code is looked at.
    """

    def __init__(self, run: Callable[[Parts, Any, Any], Any], keeper: _Keeper, function: Any):
        self._run, self._keeper = run, keeper
        self.__wrapped__ = function

    def __call__(self, x: Any, y: Any) -> Any:
        """One step; what it says of its loss."""
        parts = self._keeper.parts()
        said = self._keeper.sorted_into(parts, self._run(parts, x, y))
        self._keeper.keep(parts)
        return said

    def restart(self) -> None:
        """Forget what a `TrainState` counted and kept beside parameters, statistics and the optimizer's state."""
        self._keeper.restart()

    def alone(self) -> Stepping:
        """The same while nobody looks at the model: trees go from step to step, until they are put back."""
        parts = self._keeper.parts()
        return lambda x, y: self._keeper.sorted_into(parts, self._run(parts, x, y)), lambda: self._keeper.keep(parts)


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


def _told(rest: Sequence[Any]) -> Any:
    return tuple(rest) if len(rest) > 1 else rest[0] if rest else None
