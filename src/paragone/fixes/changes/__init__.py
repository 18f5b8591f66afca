"""How the source is changed so that a cause is gone: a file for a trap that is more than an argument.

A file is named after its trap, with underscores, and holds one `CHANGE`. A trap without a file is a number or a switch
that is an argument of the call that makes the layer or the optimizer (`paragone.fixes.argument`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from paragone.fixes.argument import set_argument
from paragone.fixes.side import SideCode
from paragone.words import Words

Change = Callable[[SideCode, str, str, Any], None]
"""Changes a side's code so that the trait `name` of `where` has a value; raises `UnfixableError`."""


@cache
def _changes() -> Words[Change]:
    return Words({__name__: __path__}, "CHANGE", ())


def change_of(trap: str) -> Change:
    """What takes a trap out."""
    return _changes().get(trap.replace("-", "_"), set_argument)
