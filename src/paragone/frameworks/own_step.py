"""The step that a side brings itself, brought to one form: `step(x, y)` gives the loss."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

Step = Callable[[Any, Any], Any]
_ROLES = {
    "model": ("model", "module", "net", "network"),
    "optimizer": ("optimizer", "opt", "optim"),
    "loss": ("criterion", "loss_fn", "loss_function", "loss_func", "loss", "objective"),
}


def loss_in(given: Any) -> Any:
    """The loss in what a step gives back: itself, the first of several, or what a dict calls `loss`."""
    while isinstance(given, (tuple, list)) and given:
        given = given[0]
    return given.get("loss") if isinstance(given, Mapping) else given


def needed_of(function: Any) -> list[str]:
    """Names of the parameters that have no default; empty for what is no function or says nothing of itself."""
    if not callable(function) or inspect.isclass(function):
        return []
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return []
    plain = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [p.name for p in parameters if p.default is p.empty and p.kind in plain]


def step_of(function: Any) -> Step | None:
    """A function of two arguments, `(x, y)`; None for anything else."""
    return function if len(needed_of(function)) == 2 else None


def takes_optimizer(function: Any) -> bool:
    """Whether a function is handed an optimizer, so that it trains."""
    return any(name.lower() in _ROLES["optimizer"] for name in needed_of(function))


def handed_step(function: Any, parts: Mapping[str, Any]) -> Step | None:
    """A step that is handed its model or its optimizer and perhaps its loss as well; None where it takes more.

    Args:
        function: such as `train_step(model, optimizer, x, y)` or `train_step(model, optimizer, criterion, batch)`.
        parts: what is handed to it: `model`, `optimizer`, `loss`.
    """
    names = needed_of(function)
    given = {name: parts.get(role) for name in names for role, known in _ROLES.items() if name.lower() in known}
    rest = [name for name in names if name not in given]
    if not given or any(value is None for value in given.values()) or len(rest) not in (1, 2):
        return None

    @wraps(function, updated=())
    def step(x: Any, y: Any) -> Any:
        data = (x, y) if len(rest) == 2 else ((x, y),)
        return function(**given, **dict(zip(rest, data, strict=True)))

    return step
