"""The kernel's high-water mark of the process's resident memory; never sampled, so that no short peak is missed."""

from __future__ import annotations

from paragone.measure.quantities.base import Quantity
from paragone.records import ContenderSet


def peak_bytes(one: ContenderSet) -> float:
    """Bytes at the peak."""
    return one.memory_bytes.peak


QUANTITY = Quantity("peak memory", peak_bytes, place=3, is_size=True)
