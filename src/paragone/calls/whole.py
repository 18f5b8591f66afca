"""Calls of layers that keep several arrays of weights inside: what they compute is read off one call, and replaced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

from paragone.calls.binding import signature
from paragone.layers.base import Called, Compute, Settings

Arguments = Mapping[str, Any]


def seen_settings(
    ops: Any, module: Any, called: Called, args: tuple[Any, ...], kwargs: Arguments, gave: Any
) -> Settings:
    """The settings with which the layer's exact form gives what the call gave; none where no settings do."""
    try:
        taken = called.takes(ops, module, _bound(called, args, kwargs))
        return called.by_values(ops, taken, called.gave(ops, module, gave)) if taken else {}
    except (TypeError, ValueError, AttributeError, IndexError):  # a class derived from it that is called otherwise
        return {}


def computed(
    ops: Any,
    module: Any,
    called: Called,
    compute: Compute,
    settings: SimpleNamespace,
    own: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: Arguments,
) -> Any:
    """What the layer's exact form gives; what the layer itself gives for a call of which nothing is known."""
    given = _bound(called, args, kwargs)
    taken = called.takes(ops, module, given)
    if taken is None:
        return own(*args, **kwargs)
    return called.gives(ops, module, given, compute(ops, taken[0], settings, taken[1]))


def _bound(called: Called, args: tuple[Any, ...], kwargs: Arguments) -> SimpleNamespace:
    found = signature(called.parameters).bind(*args, **kwargs)
    found.apply_defaults()
    return SimpleNamespace(**found.arguments)
