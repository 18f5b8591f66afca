"""What PyTorch's adapter does with a side's optimizer: its state, its numbers, a rule in its place."""

from __future__ import annotations

import copy
from abc import abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
import torch

from paragone.frameworks.accumulating import EACH, Rhythm
from paragone.frameworks.base import Array, Batch, Lazily
from paragone.frameworks.checked_step import SAME_LOSS, names_of_loss
from paragone.frameworks.common import SideAdapter
from paragone.frameworks.known_optimizer import UNREADABLE, Ruled
from paragone.frameworks.left_out import trained
from paragone.frameworks.spots import Spot
from paragone.frameworks.torch.clipping import clipping_of, keep_raw
from paragone.frameworks.torch.finding import is_optimizer, parameters_of
from paragone.frameworks.torch.moves import moves
from paragone.frameworks.torch.own_gradients import asked_for, watched
from paragone.frameworks.torch.rhythm import every_batch, parameters, rhythm_of
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
    _rhythm: Rhythm | None = Rhythm()

    @abstractmethod
    def _run(self, batch: Batch) -> Any:
        """One step of the optimizer."""

    @abstractmethod
    def _grads(self) -> Mapping[str, Array]:
        """The gradients as they are now."""

    def build(self, seed: int) -> None:
        """Run the side's file; the first time, look at a step of its own, and run it anew, since a step may count."""
        super().build(seed)
        if self._limits is None and self.observing and self.found.step is not None and not self.found.by_hand:
            self._limits = self._clipping()
            super().build(seed)
            self._rhythm = self._seen_rhythm()
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

    def state_of(self, place: str) -> Lazily:
        """What the optimizer keeps for each parameter under a key of its state."""
        state = self.found.optimizer.state
        kept = {spot.name: (spot, state.get(spot.live, {}).get(place)) for spot in self.spots() if spot.trainable}
        found = {name: (spot, value) for name, (spot, value) in kept.items() if value is not None}
        return Lazily({name: partial(self._read_at, *one) for name, one in found.items()})

    def _read_at(self, spot: Spot, value: Any) -> Array:
        return spot.to(self.read(value)).copy()

    @contextmanager
    def slower(self, factor: float) -> Iterator[bool]:
        """The rate of every group times a factor; `fresh_optimizer` undoes it. A scheduler changes the rate itself."""
        if self.found.scheduler is None and not self.found.by_hand:
            for group in self.found.optimizer.param_groups:
                group["lr"] = group["lr"] * factor
        yield self.found.scheduler is None and not self.found.by_hand

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

    @property
    def may_clip(self) -> bool:
        """What its own step clips by is seen."""
        return False

    def own_ids(self) -> set[int]:
        """Parameters and buffers."""
        return {id(tensor) for tensor in (*self.found.model.parameters(), *self.found.model.buffers())}

    def held(self, value: Any) -> Callable[[], None] | None:
        """A tensor that nobody trains."""
        if not torch.is_tensor(value) or value.requires_grad:
            return None
        kept = value.clone()

        def back() -> None:
            with torch.no_grad():
                value.copy_(kept)

        return back

    def unmoved(self) -> set[str]:
        """Weights that no optimizer of the file was given."""
        optimizers = [self.found.optimizer, *(binding.value for binding in self.executed.of(is_optimizer))]
        given = {id(parameter) for one in optimizers for parameter in parameters_of(one)}
        return {spot.name for spot in trained(self) if id(spot.live) not in given}

    def hold(self, spots: Sequence[Spot]) -> None:
        """The optimizer does not have them."""
        held = {id(spot.live) for spot in spots}
        for group in self.found.optimizer.param_groups:
            group["params"] = [parameter for parameter in group["params"] if id(parameter) not in held]

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

    def _seen_rhythm(self) -> Rhythm | None:
        assert self.view is not None
        batch, found = self.head(self.view), self.found

        def of_loss() -> list[Any]:
            found.optimizer.zero_grad()
            found.loss(found.model(*batch.x), batch.y).backward()
            gradients = [torch.zeros_like(p) if p.grad is None else p.grad.clone() for p in parameters(found.optimizer)]
            found.optimizer.zero_grad()
            return gradients

        return rhythm_of(found.optimizer, lambda: self._run(batch), of_loss if found.loss is not None else None)

    def accumulation(self) -> tuple[str, bool]:
        """As seen of a step of the side's own."""
        if self._rhythm is None:
            return "", False
        return self._rhythm.spoken, bool(self._rhythm.form)

    def accumulate(self, value: str) -> None:
        """A step of the optimizer at each batch."""
        if value != EACH or self._rhythm is None or self.found.step is None:
            raise NotImplementedError(f"this step of the side's own cannot be made to update after {value}")
        self.found = replace(self.found, step=every_batch(self.found.step, self.found.optimizer, self._rhythm))

    def _clipping(self) -> dict[str, Any]:
        """What the side's own step clips by, by trait, seen in a few steps; nothing can be read of anything else."""
        assert self.view is not None
        batch, optimizer = self.head(self.view), self.found.optimizer
        found = clipping_of(optimizer, lambda: self._run(batch), self.dtype)
        if not found and watched(optimizer, self._grads, lambda: self._run(batch))[1]:
            return dict.fromkeys((trait.name for trait in CLIPPING), UNREADABLE)
        return dict(found)

    def _by_hand(self, batch: Batch) -> Mapping[str, Array]:
        """The gradients in a step without an optimizer: of the file's loss, or those that the step asks for."""
        if self.found.loss is None:
            asked = asked_for(list(self.found.model.parameters()), lambda: self._run(batch))
            spots = [spot for spot in self.spots() if spot.trainable and id(spot.live) in asked]
            return {spot.name: spot.to(self.read(asked[id(spot.live)])) for spot in spots}
        self.found.optimizer.zero_grad()
        self.found.loss(self.found.model(*batch.x), batch.y).backward()
        return self._grads()

    @property
    def takes_losses(self) -> bool:
        """Also where a step of its own calls its loss by a name of the file."""
        return super().takes_losses or bool(names_of_loss(self))

    def follows_loss(self, batch: Batch, said: float) -> bool:
        """Also where the gradients of its own step are those of the loss, whatever the step gives back."""
        if super().follows_loss(batch, said):
            return True
        start = dict(self.weights())
        given, of_loss = watched(self.found.optimizer, self._grads, lambda: self._run(batch))
        own = of_loss or given
        self.load(start)
        self.found.loss(self.found.model(*batch.x), batch.y).backward()
        limit = SAME_LOSS[self.dtype]
        return all(np.allclose(array, own[name], limit, limit) for name, array in self._grads().items() if name in own)

    def learning_rate(self, _count: int) -> float | None:
        """That of the first parameter group, as a scheduler has left it."""
        return float(self.found.optimizer.param_groups[0]["lr"])

    def replace_optimizer(self, ruled: Ruled) -> None:
        """`step` follows the rule, which clips by itself."""
        if self.found.by_hand:
            self.found = replace(self.found, step=None)
        clips = any(value is not UNREADABLE for value in (self._limits or {}).values())
        raw, _ = keep_raw(self.found.optimizer) if clips else ({}, ())
        install(self.found.optimizer, ruled, raw)

    def optimizer_is_plain(self) -> bool:
        """It can be changed; not so in a step that moves the weights itself and whose loss nobody else has."""
        return self.found.loss is not None or not self.found.by_hand
