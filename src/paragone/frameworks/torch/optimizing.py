"""What PyTorch's adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import UNREADABLE, Ruled
from paragone.frameworks.spots import Spot
from paragone.frameworks.torch.clipping import clipping_of, keep_raw
from paragone.frameworks.torch.moves import moves
from paragone.frameworks.torch.own_gradients import watched
from paragone.frameworks.torch.ruled import install
from paragone.meaning.optimizer import Numbers as Kept
from paragone.optimizers import kind_of
from paragone.optimizers.base import CLIPPING, OptimizerKind


class TorchOptimizing(SideAdapter):
    """The optimizer of a PyTorch side."""

    _hyperparameters: list[dict[str, Any]]
    _scheduler_state: dict[str, Any]
    _steps: int
    _limits: dict[str, Any] | None

    @abstractmethod
    def _run(self, batch: Batch) -> Any:
        """One step of the optimizer."""

    @abstractmethod
    def _grads(self) -> Weights:
        """The gradients as they are now."""

    def build(self, seed: int) -> None:
        """Run the side's file; the first time, look at a step of its own, and run it anew, since a step may count."""
        super().build(seed)
        if self._limits is None and self.observing and self.found.step is not None:
            self._limits = self._clipping()
            super().build(seed)

    def fresh_optimizer(self) -> None:
        """No state, the hyper-parameters and the schedule of the start, and no gradients that a step had added up."""
        optimizer = self.found.optimizer
        optimizer.state = defaultdict(dict)
        optimizer.zero_grad()
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

    def freeze(self, spots: Sequence[Spot]) -> None:
        """They get no gradient, so no optimizer moves them."""
        for spot in spots:
            spot.live.requires_grad_(False)

    def moves(self) -> tuple[list[Array], list[float], Kept] | None:
        """Of a vector that has this optimizer for itself."""
        return moves(self.found.optimizer, self._hyperparameters[0])

    def optimizer_groups(self) -> list[list[str]]:
        """The parameter groups."""
        names: dict[int, list[str]] = {}
        for spot in self.spots():
            names.setdefault(id(spot.live), []).append(spot.name)
        groups = self.found.optimizer.param_groups
        return [[name for parameter in group["params"] for name in names.get(id(parameter), ())] for group in groups]

    def get_optimizer(self, place: str, group: int = 0) -> Any:
        """A key of a parameter group, `betas.0` the first of a tuple; `seen.TRAIT`: of a clipping."""
        key, _, index = place.partition(".")
        if key == "seen":
            return (self._limits or {}).get(index)
        value = self._hyperparameters[group].get(key)
        if value is None:
            return None
        value = value[int(index)] if index else value
        return value if isinstance(value, (bool, int, float)) else float(value)

    def _clipping(self) -> dict[str, Any]:
        """What the side's own step clips by, by trait, seen in a few steps; nothing can be read of anything else."""
        assert self.view is not None
        batch, optimizer = self.head(self.view), self.found.optimizer
        found = clipping_of(optimizer, lambda: self._run(batch), self.dtype)
        if not found and watched(optimizer, self._grads, lambda: self._run(batch))[1]:
            return dict.fromkeys((trait.name for trait in CLIPPING), UNREADABLE)
        return dict(found)

    def learning_rate(self, _count: int) -> float | None:
        """That of the first parameter group, as a scheduler has left it."""
        return float(self.found.optimizer.param_groups[0]["lr"])

    def replace_optimizer(self, ruled: Ruled) -> None:
        """`step` follows the rule, which clips by itself."""
        clips = any(value is not UNREADABLE for value in (self._limits or {}).values())
        raw, _ = keep_raw(self.found.optimizer) if clips else ({}, ())
        install(self.found.optimizer, ruled, raw)
