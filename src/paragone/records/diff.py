"""What became otherwise from one run to another."""

from __future__ import annotations

from typing import Literal

from paragone.records.base import Record


class Change(Record):
    """How the ratio `a / b` of one quantity in the second run relates to that in the first.

    `change` is the second over the first, with its interval at error probability `alpha`; `apart` is the largest
    difference from 1 that it holds. `verdict` is `withheld` where a run withheld its own.
    """

    a: str
    b: str
    track: str
    quantity: str
    first: float
    second: float
    change: float
    low: float
    high: float
    alpha: float
    apart: float
    verdict: Literal["changed", "no change seen", "withheld"]
    sentence: str = ""


class Diff(Record):
    """Two runs beside each other; `otherwise` is what else is not the same: files, options, our own version."""

    first: str
    second: str
    changes: tuple[Change, ...]
    otherwise: tuple[str, ...] = ()
