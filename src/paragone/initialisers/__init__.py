"""One file per initialiser: the distribution that it draws a starting weight from."""

from __future__ import annotations

from functools import cache

from paragone.initialisers.base import InitialiserKind
from paragone.words import Words


@cache
def initialiser_kinds() -> Words[InitialiserKind]:
    """All initialisers, found by the files in this folder."""
    return Words({__name__: __path__}, "INITIALISER", ("base",))
