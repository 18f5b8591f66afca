"""One file per way to clip gradients, and how each framework spells it."""

from __future__ import annotations

from functools import cache

from paragone.clipping.base import ClippingKind
from paragone.words import Words


@cache
def clipping_kinds() -> Words[ClippingKind]:
    """All ways to clip, found by the files in this folder."""
    return Words({__name__: __path__}, "CLIPPING", ("base",))
