"""What Keras' adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import keras
import numpy as np

from paragone.frameworks.accumulating import Rhythm
from paragone.frameworks.base import Array, Lazily
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.left_out import seen_left_out
from paragone.frameworks.spots import Spot
from paragone.frameworks.tensorflow.moves import moves
from paragone.frameworks.tensorflow.plateau import EpochEnds
from paragone.frameworks.tensorflow.ruled import RuledOptimizer
from paragone.meaning.optimizer import Numbers as Kept
from paragone.optimizers import kind_of
from paragone.optimizers.base import PRECISION, WEIGHT_DECAY, OptimizerKind


class KerasOptimizing(SideAdapter):
    """The optimizer of a Keras side."""

    _start: list[Array]
    _ruled: RuledOptimizer | None
    _epoch_ends: EpochEnds | None

    def fresh_optimizer(self) -> None:
        """The optimizer's variables as they were before the first step."""
        for variable, start in zip(self.found.optimizer.variables, self._start, strict=True):
            variable.assign(start)
        if self._epoch_ends is not None:
            self._epoch_ends.reset()
        if self._ruled is not None:
            self._ruled.reset()

    def state_of(self, place: str) -> Mapping[str, Array]:
        """What the optimizer keeps for each variable in an attribute of its own."""
        optimizer, kept = self.found.optimizer, getattr(self.found.optimizer, place, None)
        if not kept:
            return {}
        spots = [spot for spot in self.spots() if spot.trainable and spot.live.trainable]
        places = ((spot, kept[optimizer._get_variable_index(spot.live)]) for spot in spots)
        return Lazily({spot.name: partial(self._read_at, spot, value) for spot, value in places})

    def _read_at(self, spot: Spot, value: Any) -> Array:
        return spot.to(self.read(value)).copy()

    @contextmanager
    def slower(self, factor: float) -> Iterator[bool]:
        """The variable of the rate times a factor; `fresh_optimizer` undoes it. A schedule is no variable."""
        rate = self.found.optimizer._learning_rate
        free = isinstance(rate, keras.Variable) and not self.found.by_hand
        if free:
            rate.assign(rate.value * factor)
        yield free

    def optimizer_classes(self) -> list[str]:
        """Class names along the MRO; of an optimizer with an update of its own, its name alone."""
        kinds = type(self.found.optimizer).__mro__
        own = "update_step" in vars(kinds[0]) and not kinds[0].__module__.startswith("keras.")
        return [kinds[0].__name__] if own else [parent.__name__ for parent in kinds]

    def optimizer_kind(self) -> OptimizerKind | None:
        """By class name."""
        return kind_of(self.optimizer_classes(), self.framework)

    def freeze(self, spots: Sequence[Spot]) -> None:
        """Variables that are not trained; whether their layer is does not matter."""
        for spot in spots:
            spot.live.trainable = False

    def accumulation(self) -> tuple[str, bool]:
        """The optimizer's own; nothing of a step of the side's own that moves nothing."""
        steps = self.found.optimizer.gradient_accumulation_steps
        return (Rhythm(steps or 1).spoken, True) if steps or self.moves_at_once else ("", False)

    def accumulate(self, value: str) -> None:
        """As the optimizer does it by itself."""
        rhythm = Rhythm.understood(value)
        if rhythm != Rhythm(rhythm.batches):
            raise NotImplementedError(f"Keras takes the mean, in the precision of the variables, and not {value}")
        self.found.optimizer.gradient_accumulation_steps = None if rhythm.batches == 1 else rhythm.batches

    @property
    def may_clip(self) -> bool:
        """Also in a `train_step` of the model's class."""
        return super().may_clip or type(self.found.model).train_step is not keras.Model.train_step

    def own_ids(self) -> set[int]:
        """Variables of Keras, and those of TensorFlow inside of them."""
        own = [*self.found.model.variables, *self.found.optimizer.variables]
        return {id(one) for variable in own for one in (variable, variable.value)}

    def held(self, value: Any) -> Callable[[], None] | None:
        """A variable that a file made itself."""
        if not isinstance(value, keras.Variable):
            return None
        kept = keras.ops.copy(value.value)
        return lambda: value.assign(kept)

    def unmoved(self) -> set[str]:
        """By a step of the side's own, of the file or of the model's class."""
        own = self.found.step is not None or type(self.found.model).train_step is not keras.Model.train_step
        return seen_left_out(self) if own else set()

    def hold(self, spots: Sequence[Spot]) -> None:
        """After every update they are what they were before it."""
        optimizer, apply = self.found.optimizer, self.found.optimizer.apply

        def held(*args: Any, **kwargs: Any) -> None:
            before = [keras.ops.copy(spot.live.value) for spot in spots]
            apply(*args, **kwargs)
            for spot, value in zip(spots, before, strict=True):
                spot.live.assign(value)

        optimizer.apply = held

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """Of a vector that has an optimizer like this for itself."""
        return moves(self.found.optimizer)

    def optimizer_groups(self) -> list[list[str]]:
        """The variables that are decayed and those that are kept out of it, where any are."""
        optimizer = self.found.optimizer
        kept = {spot.name: optimizer._use_weight_decay(spot.live) for spot in self.spots() if spot.trainable}
        if not optimizer.weight_decay or all(kept.values()):
            return super().optimizer_groups()
        return [[name for name, is_kept in kept.items() if is_kept is wanted] for wanted in (True, False)]

    def get_optimizer(self, place: str, group: int = 0) -> Any:
        """An attribute; None for a schedule, which is no number; 0 for the decay of what is kept out of it."""
        if place.startswith(PRECISION):  # NumPy's own numbers keep theirs, Python's go through float32
            kept = getattr(self.found.optimizer, place.removeprefix(PRECISION), None)
            return "float64" if isinstance(kept, np.float64) else "float32"
        if group and place == WEIGHT_DECAY.places[self.framework]:
            return 0.0
        value = getattr(self.found.optimizer, "_learning_rate" if place == "learning_rate" else place, None)
        if isinstance(value, keras.Variable):
            return float(keras.ops.convert_to_numpy(value))
        return value if isinstance(value, (bool, int, float)) else None

    def learning_rate(self, _count: int) -> float | None:
        """The optimizer's own, at its count of updates."""
        return float(self.found.optimizer.learning_rate)

    def replace_optimizer(self, ruled: Ruled) -> None:
        """The update follows the rule."""
        if self.found.by_hand:
            self.found = replace(self.found, step=None)
        self._ruled = self.ruled(ruled)

    @abstractmethod
    def ruled(self, ruled: Ruled) -> RuledOptimizer:
        """The optimizer, with a rule in the place of its own update."""

    def optimizer_is_plain(self) -> bool:
        """No averages of weights."""
        return not self.found.optimizer.use_ema
