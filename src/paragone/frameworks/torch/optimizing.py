"""What PyTorch's adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.torch.clipping import CLIPS
from paragone.frameworks.torch.moves import moves
from paragone.frameworks.torch.ruled import install
from paragone.optimizers import kind_of
from paragone.optimizers.base import OptimizerKind
from paragone.optimizers.recognise import Numbers as Kept


class TorchOptimizing(SideAdapter):
    """The optimizer of a PyTorch side."""

    _hyperparameters: list[dict[str, Any]]
    _scheduler_state: dict[str, Any]
    _steps: int
    _seen_step: bool

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
        """A key of the first parameter group, `betas.0` the first of a tuple; `seen.NAME`: the limit of a clipping."""
        key, _, index = place.partition(".")
        if key == "seen":
            return self._clipping_limit(index)
        value = self._hyperparameters[0].get(key)
        if value is None:
            return None
        value = value[int(index)] if index else value
        return value if isinstance(value, (bool, int, float)) else float(value)

    def _clipping_limit(self, name: str) -> float | None:
        """What the side's own step clips by; it is run once, and the weights are put back."""
        if self.found.step is None or self.view is None:
            return None
        if not self._seen_step:
            self._seen_step = True
            before = self.weights()
            self._run(self.head(self.view))
            self.load(before)
        return CLIPS[name].limit

    def learning_rate(self, _count: int) -> float | None:
        """That of the first parameter group, as a scheduler has left it."""
        return float(self.found.optimizer.param_groups[0]["lr"])

    def replace_optimizer(self, ruled: Ruled) -> None:
        """`step` follows the rule."""
        install(self.found.optimizer, ruled)
