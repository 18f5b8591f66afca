"""What a side's file keeps at its top level and its own step may change: remembered when it has run, and brought back.

A step counts its calls, adds up gradients, averages weights. All of that must begin anew where a rung begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

Back = Callable[[], None]
_PLAIN = (bool, int, float, str, type(None))
_LARGEST = 1 << 26
"""Bytes of an array that is remembered; larger ones are data."""
_DEEPEST = 4


def remembered(namespace: dict[str, Any], held: Callable[[Any], Back | None]) -> Callable[[], None]:
    """Remember what a module keeps; gives what brings it back.

    Args:
        namespace: of the module.
        held: for a value of the framework that keeps numbers what brings them back; None for any other value.
    """
    kept = {name: value for name, value in namespace.items() if not name.startswith("__") and _is_kept(value, held)}
    backs = [back for value in kept.values() for back in _backs(value, held)]

    def bring_back() -> None:
        for back in backs:
            back()
        namespace.update(kept)

    return bring_back


def _is_kept(value: Any, held: Callable[[Any], Back | None], depth: int = 0) -> bool:
    if isinstance(value, (list, dict)) and depth < _DEEPEST:
        items = value.values() if isinstance(value, dict) else value
        return all(_is_kept(item, held, depth + 1) for item in items)
    if isinstance(value, np.ndarray):
        return bool(value.nbytes <= _LARGEST and value.flags.writeable)
    return isinstance(value, _PLAIN) or held(value) is not None


def _backs(value: Any, held: Callable[[Any], Back | None]) -> Iterator[Back]:
    """What brings back the contents of a value that is kept."""
    if isinstance(value, Mapping):
        yield _refill(value, dict(value))
        for item in value.values():
            yield from _backs(item, held)
    elif isinstance(value, list):
        yield _refill(value, list(value))
        for item in value:
            yield from _backs(item, held)
    elif isinstance(value, np.ndarray):
        yield _overwrite(value, value.copy())
    elif (back := held(value)) is not None:
        yield back


def _refill(container: Any, items: Any) -> Back:
    def back() -> None:
        container.clear()
        container.update(items) if isinstance(items, dict) else container.extend(items)

    return back


def _overwrite(array: Any, copy: Any) -> Back:
    def back() -> None:
        array[...] = copy

    return back
