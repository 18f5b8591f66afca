"""What a quantity is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paragone.records import ContenderSet


@dataclass(frozen=True)
class Quantity:
    """Something that is measured of every process, and compared between contenders.

    Args:
        name: as records and reports call it.
        read: its value for one process, in seconds or bytes; above 0. None where it was not measured.
        place: where it comes when quantities are listed.
        is_size: an amount, of which one has "less", and not a time, in which one is "faster".
    """

    name: str
    read: Callable[[ContenderSet], float | None]
    place: int
    is_size: bool = False
