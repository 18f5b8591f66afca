"""One file per loss: what it computes, and how each framework spells it."""

from __future__ import annotations

from functools import cache

from paragone.losses.base import LossKind
from paragone.words import Words


@cache
def loss_kinds() -> Words[LossKind]:
    """All losses, found by the files in this folder."""
    return Words({__name__: __path__}, "LOSS", ("base", "shared", "shared_binary", "shared_crossentropy"))
