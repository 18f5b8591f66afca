"""The settings of a call, as the file of its layer reads them."""

from __future__ import annotations

from typing import Any

from paragone.layers.base import Function, Reads, Settings, Spelling


def read(reads: Reads, given: Any, x: Any, spelling: Spelling) -> Settings:
    """The settings of a call; none where it is used in a way that its file does not know."""
    try:
        return reads(given, _sizes(x, spelling))
    except (TypeError, ValueError, AttributeError, KeyError, IndexError):
        return {}


def settings_of(function: Function, given: Any, x: Any, spelling: Spelling) -> Settings:
    """The settings of a call, and the traits that are arguments of it."""
    told = {item.trait: item.read(given) for item in function.arguments}
    return {**read(function.reads, given, x, spelling), **told}


def _sizes(tensor: Any, spelling: Spelling) -> tuple[int, ...]:
    shape = tuple(getattr(tensor, "shape", ()))[1:]
    return tuple(shape[1:] if spelling.channels_at == 1 else shape[:-1])
