"""A step of a PyTorch side's own that adds gradients up over several batches before its optimizer steps."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import torch

from paragone.frameworks.accumulating import MEAN, SUM, Rhythm

_MOST = 65
_NEAR = 1e-3


def rhythm_of(optimizer: Any, run: Callable[[], Any], of_loss: Callable[[], list[Any]] | None) -> Rhythm | None:
    """What a step does on one batch, again and again; None where the optimizer does not step at regular distances.

    Args:
        optimizer: of the side.
        run: the step; it changes the weights.
        of_loss: the gradients of the loss of that batch, where there is a loss; it clears those that stand.
    """
    steps: list[int] = []
    handle = optimizer.register_step_post_hook(lambda *_: steps.append(0))
    try:
        share = _share(optimizer, run, of_loss, steps)
        first = _until_next(run, steps, 1)
        if first in (None, 1):
            return None if first is None else Rhythm()
        second = _until_next(run, steps, 0)
    finally:
        handle.remove()
    if first != second or first is None:
        return None
    return Rhythm(first, MEAN if _is(share, 1.0 / first) else SUM if _is(share, 1.0) else "")


def _is(share: float | None, wanted: float) -> bool:
    return share is not None and abs(share - wanted) <= _NEAR * wanted


def _until_next(run: Callable[[], Any], steps: list[int], done: int) -> int | None:
    """How many runs there are until the optimizer steps, those that were done already among them."""
    before = len(steps) if not done else 0
    for count in range(done, _MOST):
        if len(steps) > before:
            return count
        run()
    return None


def _share(
    optimizer: Any, run: Callable[[], Any], of_loss: Callable[[], list[Any]] | None, steps: list[int]
) -> float | None:
    """Run the step once: which share of the loss's gradients it left, if it left any."""
    whole = of_loss() if of_loss is not None else []
    run()
    if steps or not whole:
        return None
    left = [p.grad if p.grad is not None else torch.zeros_like(p) for p in parameters(optimizer)]
    size = sum(float((one * one).sum()) for one in whole)
    return sum(float((a * b).sum()) for a, b in zip(left, whole, strict=True)) / size if size else None


def parameters(optimizer: Any) -> list[Any]:
    """All parameters that an optimizer was given."""
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def every_batch(step: Callable[[Any, Any], Any], optimizer: Any, rhythm: Rhythm) -> Callable[[Any, Any], Any]:
    """The same step, with a step of the optimizer at each batch, on the whole gradient of that batch."""

    @wraps(step)
    def each(x: Any, y: Any) -> Any:
        own, stepped = optimizer.step, []

        def now(*args: Any, **kwargs: Any) -> Any:
            stepped.append(True)
            for parameter in parameters(optimizer):
                if parameter.grad is not None:
                    parameter.grad.mul_(rhythm.factor)
            return own(*args, **kwargs)

        optimizer.step = now
        try:
            loss = step(x, y)
            if not stepped:
                now()
            optimizer.zero_grad()
        finally:
            optimizer.step = own
        return loss

    return each
