"""What the adapter of JAX does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from paragone.frameworks.accumulating import EACH, Rhythm
from paragone.frameworks.base import Array, Lazily
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.jax import places
from paragone.frameworks.jax.closures import STEP_SIZE, WrittenOut, all_known, kind_of_makers, makers, number, rate_of
from paragone.frameworks.jax.loops import LOOPS
from paragone.frameworks.jax.masks import decayed, may_choose, on_all
from paragone.frameworks.jax.moves import moves
from paragone.frameworks.jax.multi_steps import around, inner_of, inner_state, multi_steps, rhythm_of, with_rhythm
from paragone.frameworks.jax.ruled import transformation, without_gradients, without_moves
from paragone.frameworks.jax.trees.model import TreeModel
from paragone.frameworks.jax.trees.stepping import OwnStep
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.left_out import seen_left_out
from paragone.frameworks.spots import Spot
from paragone.meaning.optimizer import Numbers as Kept
from paragone.optimizers.base import WEIGHT_DECAY, OptimizerKind


class JaxOptimizing(SideAdapter):
    """The optimizer of a Flax NNX side."""

    _cells: dict[str, Any]
    _compiled: dict[str, Callable[..., Any]]
    _opt_start: Any
    _frozen: frozenset[str] = frozenset()
    _step: Callable[[Any, Any], Any]
    _loss: Callable[..., Any]

    def fresh_optimizer(self) -> None:
        """The optimizer's state as it was before the first step."""
        nnx.update(self.found.optimizer, jax.tree.map(jnp.copy, self._opt_start))
        for one in (self.found.step, self.found.model):
            if isinstance(one, (OwnStep, TreeModel)):
                one.restart()

    def state_of(self, place: str) -> Mapping[str, Array]:
        """A field of one transformation's state, which has the paths of the parameters."""
        maker, _, field = place.partition(".")
        tree = jax.tree.leaves(self.found.optimizer.opt_state, is_leaf=lambda node: _is_state(node, maker))
        states = [node for node in tree if _is_state(node, maker)]
        if len(states) != 1 or not hasattr(states[0], field):
            return {}
        return self._by_spot(getattr(states[0], field))

    def _by_spot(self, state: Any) -> Lazily:
        """The trained weights of a state that has the paths of the model's parameters."""
        by_variable = places.gradients_by_variable(self.found.model, state)
        trained = [spot for spot in self.spots() if spot.trainable]
        return Lazily({spot.name: partial(self._read_at, spot, by_variable[id(spot.live)]) for spot in trained})

    def _read_at(self, spot: Spot, value: Any) -> Array:
        return spot.to(self.read(value) * (spot.name not in self._frozen)).copy()

    @contextmanager
    def slower(self, factor: float) -> Iterator[bool]:
        """A second step that is traced with the rate times a factor; a schedule or an own step cannot be changed."""
        cell = self._cells.get("scale.step_size")
        if cell is None or self.found.step is not None:
            yield False
            return
        size, step = cell.cell_contents, self._step
        cell.cell_contents = size * factor
        if "slower" not in self._compiled:
            self._compiled["slower"] = LOOPS["idiomatic"](self.found.model, self._loss, self.found.optimizer)
        self._step = self._compiled["slower"]
        try:
            yield True
        finally:
            cell.cell_contents, self._step = size, step

    def optimizer_classes(self) -> list[str]:
        """The transformations that the optimizer is made of; Nadam is an option of Adam's."""
        found = [self.tx.title] if isinstance(self.tx, WrittenOut) else makers(self.tx.update) or ["optax"]
        return ["scale_by_nadam", *found] if self.get_optimizer("scale_by_adam.nesterov") else found

    def optimizer_line(self) -> int | None:
        """Also that of a step that writes its update out."""
        return self.tx.line if isinstance(self.tx, WrittenOut) else super().optimizer_line()

    def optimizer_kind(self) -> OptimizerKind | None:
        """By the names of the transformations."""
        return kind_of_makers(self.optimizer_classes())

    def optimizer_groups(self) -> list[list[str]]:
        """The parameters that are decayed and those that are not, where a mask says so."""
        optimizer = self.found.optimizer
        tree = decayed(self.tx, self.found.model, optimizer.wrt)
        if tree is None:
            return super().optimizer_groups()
        kept = {name: bool(array.any()) for name, array in self._by_spot(tree).items()}
        return [[name for name, is_kept in kept.items() if is_kept is wanted] for wanted in (True, False)]

    def get_optimizer(self, place: str, group: int = 0) -> Any:
        """A number of a transformation, by one of several places; 0 for the decay of what a mask leaves out."""
        if group and place == WEIGHT_DECAY.places[self.framework]:
            return 0.0
        found = number(self.tx, self._cells, place)
        return self.learning_rate(0) if found is None and place == STEP_SIZE else found

    def freeze(self, spots: Sequence[Spot]) -> None:
        """Their gradients are zero, and so is what the transformation makes of them."""
        self._frozen |= {spot.name for spot in spots}
        self.hold(spots)

    @property
    def tx(self) -> Any:
        """The transformation, without what adds gradients up around it."""
        return inner_of(self.found.optimizer.tx)

    def accumulation(self) -> tuple[str, bool]:
        """Of `optax.MultiSteps`; nothing of a step of the side's own that moves nothing."""
        found = multi_steps(self.found.optimizer.tx)
        if found is None:
            return EACH if self.moves_at_once else "", False
        rhythm = rhythm_of(found, self.dtype)
        return "" if rhythm is None else rhythm.spoken, True

    def accumulate(self, value: str) -> None:
        """Another `optax.MultiSteps` around the transformation, or none."""
        self._take(with_rhythm(self.found.optimizer.tx, Rhythm.understood(value), self.dtype))

    def _take(self, tx: Any) -> None:
        """Another transformation, with its state."""
        optimizer = self.found.optimizer
        optimizer.tx = tx
        optimizer.opt_state = nnx.Optimizer(self.found.model, tx, wrt=optimizer.wrt).opt_state
        self._opt_start = jax.tree.map(jnp.copy, nnx.state(optimizer))

    def own_ids(self) -> set[int]:
        """Variables of the model and of the optimizer."""
        own = (self.found.model, self.found.optimizer)
        return {id(node) for one in own for _, node in nnx.iter_graph(one) if isinstance(node, nnx.Variable)}

    def held(self, value: Any) -> Callable[[], None] | None:
        """A variable; an array, which nobody can change."""
        if isinstance(value, jax.Array):
            return lambda: None
        if not isinstance(value, nnx.Variable):
            return None
        kept = value[...]
        return lambda: value.set_value(kept)

    def unmoved(self) -> set[str]:
        """By a step of the side's own; else by what a transformation that chooses makes of gradients that are 1."""
        optimizer = self.found.optimizer
        if self.found.step is not None:
            return seen_left_out(self)
        if not may_choose(self.tx.update):
            return set()
        weights, state = (nnx.as_pure(one) for one in (nnx.state(self.found.model, optimizer.wrt), optimizer.opt_state))
        moves, _ = self.tx.update(jax.tree.map(jnp.ones_like, weights), inner_state(state), weights)
        found = self._by_spot(moves)
        still = {name for name, array in found.items() if not array.any()}
        return still if len(still) < len(found) else set()

    def hold(self, spots: Sequence[Spot]) -> None:
        """What the transformation makes of their gradients is zero."""
        self.found.optimizer.tx = without_moves(self.found.optimizer.tx, self._paths(spots))

    def stop(self, spots: Sequence[Spot]) -> None:
        """Their gradients are zero, of which the transformation makes what it will: they may still decay."""
        self._frozen |= {spot.name for spot in spots}
        self.found.optimizer.tx = without_gradients(self.found.optimizer.tx, self._paths(spots))

    def _paths(self, spots: Sequence[Spot]) -> set[str]:
        lives = {id(spot.live) for spot in spots}
        return {place.path for place in self.places() if id(place.live) in lives}

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """Of a vector that has this transformation for itself."""
        tx = self.tx
        return moves(tx, self._cells, rate_of(tx, self._cells)) if on_all(tx.update) else None

    def learning_rate(self, count: int) -> float | None:
        """The step size, or the schedule's value at a count as Optax keeps it: some divide it in float32 (row F13)."""
        rate = rate_of(self.tx, self._cells)
        batches = Rhythm.understood(self.accumulation()[0] or EACH).batches
        return None if rate is None else float(rate(jnp.asarray(count // batches, jnp.int32)))

    def replace_optimizer(self, ruled: Ruled) -> None:
        """A transformation that follows the rule, with its state."""
        optimizer = self.found.optimizer
        if self.found.by_hand:
            self.found = replace(self.found, step=None)
        rate = rate_of(self.tx, self._cells)
        if rate is None and not ruled.rates:
            raise NotImplementedError("the learning rate of this transformation cannot be found")
        tree = decayed(self.tx, self.found.model, optimizer.wrt) if ruled.groups else None
        made = transformation(ruled, rate, [int(not leaf.any()) for leaf in jax.tree.leaves(tree)])
        self._take(around(optimizer.tx, made))

    def optimizer_is_plain(self) -> bool:
        """Only transformations whose numbers are traits, or one whose rule is known, on all parameters."""
        own = self.optimizer_kind() is None and self.known_optimizer.own is not None
        update = self.tx.update
        return own or (on_all(update) and all_known(update))


def _is_state(node: Any, maker: str) -> bool:
    """Whether it is the state of a transformation, by the name of its class (optax/_src/transform.py, 0.2.8)."""
    return hasattr(node, "_fields") and type(node).__name__.startswith(maker)
