"""What `--sweep` asks for: an axis and its sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paragone.errors import InputError
from paragone.measure.sweep.axes import Axis, axes

LARGEST = 2**20
MOST_SIZES = 32
BASE_BUDGET_S, BUDGET_PER_SIZE_S = 60.0, 30.0
_RANGE = re.compile(r"(\d+)(?:\.\.(\d+))?")


@dataclass(frozen=True)
class Wish:
    """A sweep as it was asked for.

    Args:
        text: of the axis, such as `batch` or `hidden.units`.
        axis: that it is.
        sizes: ascending.
    """

    text: str
    axis: Axis
    sizes: tuple[int, ...]

    @property
    def budget_s(self) -> float:
        """Seconds for a sweep of which nobody says what it may take."""
        return BASE_BUDGET_S + BUDGET_PER_SIZE_S * len(self.sizes)


def wish(given: str) -> Wish:
    """Read `AXIS=SIZES`; sizes are numbers and ranges with commas between, and a range goes by powers of two.

    Raises:
        InputError: there is no such axis, or its sizes cannot be read.
    """
    text, equals, sizes = (part.strip() for part in given.partition("="))
    axis = next((one for one in axes() if one.takes.fullmatch(text)), None)
    if axis is None or not equals:
        raise InputError(
            f"--sweep cannot be {given.strip() or 'empty'}.",
            where="--sweep",
            expected=f"AXIS=SIZES, where AXIS is {', '.join(one.form for one in axes())}",
            received=given.strip() or "empty",
            next_step="for example --sweep batch=1..4096, or --sweep hidden.units=16,64,256",
        )
    found = tuple(sorted({size for part in sizes.split(",") for size in _sizes(part.strip(), given)}))
    if not 2 <= len(found) <= MOST_SIZES:
        raise _bad(given, f"from 2 to {MOST_SIZES} different sizes", f"{len(found)} in {given}")
    return Wish(text, axis, found)


def _sizes(part: str, given: str) -> Iterator[int]:
    """One number, or both ends of a range and the powers of two between them."""
    read = _RANGE.fullmatch(part)
    low, high = (int(read[1]), int(read[2] or read[1])) if read and len(part) < 20 else (0, 0)
    if not 1 <= low <= high <= LARGEST:
        raise _bad(given, f"whole numbers from 1 to {LARGEST:,}, such as 1..64 or 1,8,64", part or "nothing")
    yield from (low, high)
    yield from (2**power for power in range(LARGEST.bit_length()) if low < 2**power < high)


def _bad(given: str, expected: str, received: str) -> InputError:
    return InputError(
        f"--sweep {given} has sizes that cannot be swept.", where="--sweep", expected=expected, received=received
    )
