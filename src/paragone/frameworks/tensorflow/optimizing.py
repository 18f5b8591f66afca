"""What Keras' adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras

from paragone.frameworks.base import Array
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.spots import Spot
from paragone.frameworks.tensorflow.moves import moves
from paragone.frameworks.tensorflow.plateau import EpochEnds
from paragone.frameworks.tensorflow.ruled import RuledOptimizer
from paragone.meaning.optimizer import Numbers as Kept
from paragone.optimizers import kind_of
from paragone.optimizers.base import OptimizerKind


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

    def state_of(self, place: str) -> dict[str, Array]:
        """What the optimizer keeps for each variable in an attribute of its own."""
        optimizer, kept = self.found.optimizer, getattr(self.found.optimizer, place, None)
        if not kept:
            return {}
        spots = [spot for spot in self.spots() if spot.trainable and spot.live.trainable]
        return {spot.name: spot.to(self.read(kept[optimizer._get_variable_index(spot.live)])).copy() for spot in spots}

    @contextmanager
    def slower(self, factor: float) -> Iterator[bool]:
        """The variable of the rate times a factor; `fresh_optimizer` undoes it. A schedule is no variable."""
        rate = self.found.optimizer._learning_rate
        if isinstance(rate, keras.Variable):
            rate.assign(rate.value * factor)
        yield isinstance(rate, keras.Variable)

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

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """Of a vector that has an optimizer like this for itself."""
        return moves(self.found.optimizer)

    def get_optimizer(self, place: str, _group: int = 0) -> Any:
        """An attribute; None for a schedule, which is no number."""
        value = getattr(self.found.optimizer, "_learning_rate" if place == "learning_rate" else place, None)
        if isinstance(value, keras.Variable):
            return float(value.numpy())
        return value if isinstance(value, (bool, int, float)) else None

    def learning_rate(self, _count: int) -> float | None:
        """The optimizer's own, at its count of updates."""
        return float(self.found.optimizer.learning_rate)

    def replace_optimizer(self, ruled: Ruled) -> None:
        """The update follows the rule."""
        self._ruled = RuledOptimizer(self.found.optimizer, ruled)

    def optimizer_is_plain(self) -> bool:
        """No averages of weights, no gradients that are added up, no variables without weight decay."""
        optimizer = self.found.optimizer
        kept_out = getattr(optimizer, "_exclude_from_weight_decay", None)
        return not (optimizer.use_ema or optimizer.gradient_accumulation_steps or kept_out)
