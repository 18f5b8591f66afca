"""The forms in which Flax sides write their loss, brought to one: `loss(model, x, y)` gives a number."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax.numpy as jnp

from paragone.errors import SideError

_MODELS = {"model", "module", "net", "network", "m", "mdl"}


def adapt_loss(loss: Callable[..., Any], path: Path) -> Callable[[Any, Any, Any], Any]:
    """Bring a loss to the form `loss(model, x, y)`.

    Takes `(model, x, y)`, `(model, batch)` with batch a pair, and `(outputs, targets)`, whose value may be one number
    for each sample (Optax' own losses): then their mean is taken. Of a tuple the first item is the loss.

    Raises:
        SideError: the function has another form.
    """
    names = [p.name for p in inspect.signature(loss).parameters.values() if p.default is p.empty]
    takes_model = bool(names) and names[0].lower() in _MODELS
    if takes_model and len(names) == 3:
        return lambda model, x, y: _number(loss(model, x, y))
    if takes_model and len(names) == 2:
        return lambda model, x, y: _number(loss(model, (x, y)))
    if len(names) == 2:
        return lambda model, x, y: _number(loss(model(x), y))
    raise SideError(
        f"The loss of {path.name} has a form that is not known.",
        where=f"{path.name}: {getattr(loss, '__name__', 'loss')}({', '.join(names)})",
        expected="loss_fn(model, x, y), loss_fn(model, batch) or loss(outputs, targets)",
        received=f"parameters {', '.join(names) or 'none'}",
        next_step="write def loss_fn(model, x, y): …",
    )


def _number(value: Any) -> Any:
    first = value[0] if isinstance(value, tuple) else value
    return jnp.mean(first)
