"""A rule in the place of a PyTorch optimizer's own step."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import torch

from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.torch.numbers import TorchNumbers
from paragone.optimizers.rule import At, clipped, updated

_NUMBERS = TorchNumbers()
_SLOTS, _COUNT = "paragone_slots", "paragone_count"


def install(optimizer: Any, ruled: Ruled, raw: Mapping[int, Any] = MappingProxyType({})) -> None:
    """Let `optimizer.step()` follow a rule; what it keeps stands in `optimizer.state`, which is cleared as ever.

    Args:
        optimizer: of the side.
        ruled: the rule, which clips by itself.
        raw: gradients from before the side's own step clipped them, by the ids of their parameters.
    """

    def step(closure: Any = None) -> Any:
        for parameter in (p for group in optimizer.param_groups for p in group["params"] if id(p) in raw):
            parameter.grad = raw[id(parameter)]
        for hook in optimizer._optimizer_step_pre_hooks.values():
            hook(optimizer, (), {})
        loss = closure() if closure is not None else None
        optimizer._opt_called = True  # a scheduler asks whether the optimizer has stepped before it
        with torch.no_grad():
            _step(optimizer, ruled)
        return loss

    step._wrapped_by_lr_sched = True  # type: ignore[attr-defined]  # else a scheduler warns of another step
    optimizer.step = step


def _step(optimizer: Any, ruled: Ruled) -> None:
    groups = zip(optimizer.param_groups, ruled.groups or [ruled] * len(optimizer.param_groups), strict=True)
    held = [(group, own, p) for group, own in groups for p in group["params"] if p.grad is not None]
    gradients = clipped(_NUMBERS, ruled.options, [parameter.grad for *_, parameter in held])
    for (group, own, parameter), gradient in zip(held, gradients, strict=True):
        kept = optimizer.state[parameter]
        count = kept[_COUNT] = kept.get(_COUNT, 0) + 1
        if _SLOTS not in kept:
            starts = own.rule.slots(own.options)
            kept[_SLOTS] = {name: torch.full_like(parameter, value) for name, value in starts.items()}
        rate = own.rates[min(count, len(own.rates)) - 1] if own.rates else float(group["lr"]) * own.factor
        at = At(count, rate, parameter.detach(), gradient, kept[_SLOTS])
        moved, kept[_SLOTS] = updated(_NUMBERS, own.rule, own.options, at)
        parameter.copy_(moved)
