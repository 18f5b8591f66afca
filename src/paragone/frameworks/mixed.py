"""A number of an optimizer that groups of parameters have each their own of, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

_NAMED = 3
"""Weights or layers that are named; the others are counted."""


class Mixed(str):
    """Several values in words: `0.001 (0.01 for dense_6)`."""

    __slots__ = ()


def mixed(values: Sequence[Any], weights: Sequence[Sequence[str]]) -> Any:
    """The one value of all groups, or the several: that of most weights, and behind it those of the others.

    Args:
        values: of each group of parameters.
        weights: canonical names of what is in each; a group without any does not count.
    """
    by_value: dict[Any, list[str]] = {}
    for value, names in zip(values, weights, strict=True):
        if names:
            by_value.setdefault(value, []).extend(names)
    if len(by_value) < 2:
        return next(iter(by_value), values[0])
    everywhere = sorted(name for names in by_value.values() for name in names)
    most = min(by_value, key=lambda value: (-len(by_value[value]), min(by_value[value])))
    others = [
        f"{_said(value)} for {_listed(names, everywhere)}"
        for value, names in sorted(by_value.items(), key=lambda item: min(item[1]))
        if value != most
    ]
    return Mixed(f"{_said(most)} ({'; '.join(others)})")


def _said(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _listed(names: Iterable[str], everywhere: Sequence[str]) -> str:
    """The names, those of a whole layer by the layer."""
    own = set(names)
    shown: dict[str, None] = {}
    for name in sorted(own):
        layer = name.partition("/")[0]
        whole = all(other in own for other in everywhere if other.partition("/")[0] == layer)
        shown[layer if whole else name] = None
    first = ", ".join(list(shown)[:_NAMED])
    return first if len(shown) <= _NAMED else f"{first} and {len(shown) - _NAMED} more"
