"""What PyTorch's adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.torch.clipping import clipping_of, keep_raw
from paragone.frameworks.torch.moves import moves
from paragone.frameworks.torch.ruled import install
from paragone.meaning.optimizer import Numbers as Kept
from paragone.optimizers import kind_of
from paragone.optimizers.base import OptimizerKind


class TorchOptimizing(SideAdapter):
    """The optimizer of a PyTorch side."""

    _hyperparameters: list[dict[str, Any]]
    _scheduler_state: dict[str, Any]
    _steps: int
    _clipping: Mapping[str, float] | None

    @abstractmethod
    def _run(self, batch: Batch) -> Any:
        """One step of the optimizer."""

    def fresh_optimizer(self) -> None:
        """No state, the hyper-parameters and the schedule of the start."""
        optimizer = self.found.optimizer
        optimizer.state = defaultdict(dict)
        for group, start in zip(optimizer.param_groups, self._hyperparameters, strict=True):
            group.update(copy.deepcopy(start))
        if self.found.scheduler is not None:
            self.found.scheduler.load_state_dict(copy.deepcopy(self._scheduler_state))
        self._steps = 0

    def state_of(self, place: str) -> dict[str, Array]:
        """What the optimizer keeps for each parameter under a key of its state."""
        state = self.found.optimizer.state
        kept = {spot.name: (spot, state.get(spot.live, {}).get(place)) for spot in self.spots() if spot.trainable}
        return {name: spot.to(self.read(value)).copy() for name, (spot, value) in kept.items() if value is not None}

    @contextmanager
    def slower(self, factor: float) -> Iterator[bool]:
        """The rate of every group times a factor; `fresh_optimizer` undoes it. A scheduler changes the rate itself."""
        if self.found.scheduler is None:
            for group in self.found.optimizer.param_groups:
                group["lr"] = group["lr"] * factor
        yield self.found.scheduler is None

    def optimizer_classes(self) -> list[str]:
        """Class names along the MRO; of an optimizer with an update of its own, its name alone."""
        kinds = type(self.found.optimizer).__mro__
        own = "step" in vars(kinds[0]) and not kinds[0].__module__.startswith("torch.")
        return [kinds[0].__name__] if own else [parent.__name__ for parent in kinds]

    def optimizer_kind(self) -> OptimizerKind | None:
        """By class name."""
        return kind_of(self.optimizer_classes(), self.framework)

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """Of a vector that has this optimizer for itself."""
        return moves(self.found.optimizer, self._hyperparameters[0])

    def get_optimizer(self, place: str) -> Any:
        """A key of the first parameter group, `betas.0` the first of a tuple; `seen.TRAIT`: of a clipping."""
        key, _, index = place.partition(".")
        if key == "seen":
            return self.clipping().get(index)
        value = self._hyperparameters[0].get(key)
        if value is None:
            return None
        value = value[int(index)] if index else value
        return value if isinstance(value, (bool, int, float)) else float(value)

    def clipping(self) -> Mapping[str, float]:
        """What the side's own step clips by, by trait; it is run a few times, and everything is put back."""
        if self._clipping is None:
            self._clipping = {}
            if self.found.step is not None and self.view is not None:
                before = self.weights()
                self._clipping = clipping_of(self.found.optimizer, lambda: self._once(before), self.dtype)
        return self._clipping

    def _once(self, before: Mapping[str, Array]) -> None:
        assert self.view is not None
        self._run(self.head(self.view))
        self.load(before)

    def learning_rate(self, _count: int) -> float | None:
        """That of the first parameter group, as a scheduler has left it."""
        return float(self.found.optimizer.param_groups[0]["lr"])

    def replace_optimizer(self, ruled: Ruled) -> None:
        """`step` follows the rule."""
        raw, _ = keep_raw(self.found.optimizer) if self.clipping() else ({}, ())
        install(self.found.optimizer, ruled, raw)
