"""A part of a large array that stands for all of it."""

from __future__ import annotations

import math

from paragone.frameworks.base import Array


def sampled(array: Array, most: int) -> Array:
    """At most so many elements of an array, flat, as far from each other as they can be; 0 takes all."""
    flat = array.reshape(-1)
    return flat[:: math.ceil(flat.size / most)] if most and flat.size > most else flat
