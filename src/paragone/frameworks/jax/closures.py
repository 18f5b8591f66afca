"""The numbers of an Optax transformation, which live in closures: read them, and set them before a step is traced.

Optax has no attribute for them. A transformation's `update` is a closure named after its maker
(`scale_by_adam.<locals>.update_fn`), and its variables are the maker's arguments (optax/_src/transform.py, 0.2.8).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_PLUMBING = {"chain", "with_extra_args_support", "named_chain", "masked", "partition"}


def transformations(update: Any) -> Iterator[tuple[str, str, Any]]:
    """Maker, variable and cell of every number in a transformation, in the order in which they are applied."""
    return _walk(update, set())


def makers(update: Any) -> list[str]:
    """The transformations that a chain is made of, by the names of their makers."""
    found: list[str] = []
    for maker, _, _ in transformations(update):
        if maker not in found:
            found.append(maker)
    return found


def _walk(function: Any, seen: set[int]) -> Iterator[tuple[str, str, Any]]:
    code = getattr(function, "__code__", None)
    if code is None or id(function) in seen:
        return
    seen.add(id(function))
    maker = function.__qualname__.split(".")[0]
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        value = _content(cell)
        if isinstance(value, (bool, int, float)) and maker not in _PLUMBING:
            yield maker, name, cell
        for inner in _functions(value):
            if "init" not in inner.__qualname__.rsplit(".", 1)[-1]:
                yield from _walk(inner, seen)


def _content(cell: Any) -> Any:
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _functions(value: Any) -> list[Any]:
    items = value if isinstance(value, (tuple, list)) else [value]
    functions = [getattr(item, "update", item) if not hasattr(item, "__code__") else item for item in items]
    return [item for item in functions if hasattr(item, "__code__")]
