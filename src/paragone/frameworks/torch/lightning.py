"""Modules that bring `configure_optimizers` and `training_step`, in the form that Lightning asks for.

Lightning itself is not needed, and many loops of people's own have the form. What it does with it is in
https://lightning.ai/docs/pytorch/stable/common/optimization.html (automatic optimization).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch

from paragone.frameworks.own_step import needed_of


def configured(model: Any) -> tuple[list[Any], list[Any]]:
    """The optimizers and schedulers that a module configures; two empty lists where it configures none."""
    configure = getattr(model, "configure_optimizers", None)
    if not callable(configure) or needed_of(configure):
        return [], []
    made = configure()
    optimizers, schedulers = made if _is_pair_of_lists(made) else (made, [])
    rows = optimizers if isinstance(optimizers, (list, tuple)) else [optimizers]
    found, scheduled = [], [_scheduler(one) for one in schedulers]
    for row in rows:
        made_of = row if isinstance(row, Mapping) else {"optimizer": row}
        if made_of.get("lr_scheduler") is not None:
            scheduled.append(_scheduler(made_of["lr_scheduler"]))
        if isinstance(made_of.get("optimizer"), torch.optim.Optimizer):
            found.append(made_of["optimizer"])
    return found, scheduled


def _is_pair_of_lists(made: Any) -> bool:
    return isinstance(made, tuple) and len(made) == 2 and all(isinstance(part, (list, tuple)) for part in made)


def _scheduler(row: Any) -> Any:
    return row["scheduler"] if isinstance(row, Mapping) else row


def training_step_of(model: Any, optimizer: Any) -> Callable[[Any, Any], Any] | None:
    """A step of `x` and `y` around a module's `training_step(batch, batch_idx)`; None where it has none."""
    training_step = getattr(model, "training_step", None)
    needed = needed_of(training_step)
    if not callable(training_step) or len(needed) not in (1, 2):
        return None

    def step(x: Any, y: Any) -> Any:
        model.train()
        optimizer.zero_grad()
        given = training_step((x, y), *([0] * (len(needed) - 1)))
        loss = given["loss"] if isinstance(given, Mapping) else given
        loss.backward()
        optimizer.step()
        return loss

    return step
