"""Which values of two tapes are the same, and which of a side's values have gone wrong.

A value is *twinned* if the other tape holds one with the same fingerprint. A value without a twin may be sound: the
sides only cut the computation differently, and something that is made from it is twinned again. It is *faulty* if
nothing that is made from it is. A *front* is a faulty value whose own sources are all sound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from paragone.prove.tapes import (
    LARGEST,
    NOT_FINITE,
    SMALLEST,
    SUM,
    SUM_ABS,
    SUM_SQUARES,
    Array,
    Tape,
    axes_between,
)

_RESHAPES = ("view", "reshape", "flatten", "squeeze", "expanddims", "clone", "contiguous", "identity", "alias")


def alike(a: Array, b: Array, size: int, tolerance: float) -> bool:
    """Whether two fingerprints of values of one size are the same but for rounding.

    Rounding is independent from element to element, so a sum may be off by the square root of their number.
    """
    if a[NOT_FINITE] != b[NOT_FINITE]:
        return False
    scale = max(abs(a[LARGEST]), abs(a[SMALLEST]), abs(b[LARGEST]), abs(b[SMALLEST]))
    one, many = tolerance * scale, tolerance * scale * np.sqrt(size)
    off = np.abs(a - b)
    return bool(
        off[LARGEST] <= one
        and off[SMALLEST] <= one
        and off[SUM] <= many
        and off[SUM_ABS] <= many
        and off[SUM_SQUARES] <= 2 * many * scale
    )


def same_value(a: Tape, i: int, b: Tape, j: int, tolerance: float) -> bool:
    """Whether two values are the same but for layout and rounding."""
    return bool(a.sizes[i] == b.sizes[j]) and alike(a.stats[i], b.stats[j], int(a.sizes[i]), tolerance)


def twins(a: Tape, b: Tape, tolerance: float) -> dict[int, tuple[int, ...]]:
    """For every telling value of `a`, the values of `b` that are the same."""
    by_size: dict[int, Array] = {}
    for size in np.unique(b.sizes):
        rows = np.flatnonzero((b.sizes == size) & b.telling)
        by_size[int(size)] = rows[np.argsort(b.stats[rows, SUM_ABS], kind="stable")]
    found = {}
    for number in np.flatnonzero(a.telling):
        candidates = by_size.get(int(a.sizes[number]))
        if candidates is not None and len(candidates):
            found[int(number)] = _near(a, int(number), b, candidates, tolerance)
    return {number: matches for number, matches in found.items() if matches}


def _near(a: Tape, number: int, b: Tape, rows: Array, tolerance: float) -> tuple[int, ...]:
    """Those of the rows (of one size, by the sum of sizes) that are the same value, in their order on the tape."""
    stats, size = a.stats[number], int(a.sizes[number])
    reach = 2 * tolerance * max(abs(stats[LARGEST]), abs(stats[SMALLEST])) * np.sqrt(size)
    sums = b.stats[rows, SUM_ABS]
    first = np.searchsorted(sums, stats[SUM_ABS] - reach, side="left")
    last = np.searchsorted(sums, stats[SUM_ABS] + reach, side="right")
    return tuple(sorted(int(row) for row in rows[first:last] if alike(stats, b.stats[row], size, tolerance)))


@dataclass(frozen=True)
class Judged:
    """One side's values, held against the other side's.

    Args:
        tape: of this side.
        twins: the other side's same values.
        sound: values that are twinned, or that something twinned was made from.
        faulty: telling values that are not, depend on the input, and have a part in the outputs.
        fronts: faulty values whose sources are all sound, in order of execution.
    """

    tape: Tape
    twins: dict[int, tuple[int, ...]]
    sound: Array
    faulty: Array
    fronts: tuple[int, ...]

    def comes_from_same(self, number: int) -> bool:
        """Whether all that a value was made from is the same on the other side, or was handed over by it."""
        return all(
            source in self.twins or source in self.tape.replaced
            for source in self.tape.sources(number)
            if self.tape.from_input[source]
        )


def judge(a: Tape, b: Tape, tolerance: float) -> Judged:
    """Find the faulty values of `a` and where they begin."""
    found = twins(a, b, tolerance)
    sound = _sound(a, found)
    faulty = a.telling & a.from_input & a.leads_out & ~sound
    for number in np.flatnonzero(faulty):
        if not a.parents[number]:
            faulty[number] = False
    fine = ~faulty
    fine[list(a.replaced)] = True
    fronts = tuple(
        int(number) for number in np.flatnonzero(faulty) if all(fine[source] for source in a.sources(int(number)))
    )
    return Judged(a, found, sound, faulty, fronts)


def _sound(tape: Tape, found: dict[int, tuple[int, ...]]) -> Array:
    """Twinned, or a source of something twinned; behind a replaced value nothing speaks for it."""
    sound = np.zeros(len(tape), bool)
    for number in range(len(tape) - 1, -1, -1):
        handed_on = () if number in tape.replaced else tape.children[number]
        sound[number] = number in found or any(sound[child] for child in handed_on)
    return sound


def out_of_order(a: Judged, b: Tape, number: int, tolerance: float) -> int | None:
    """The operation that put the elements of a source of a front in another order than on the other side.

    Of a source that is twinned by its elements but not by their places, the first value of that kind that it was made
    from. A flatten of channels first against channels last is no fault: the layer behind it has its rows in that order.
    """
    for source in a.tape.sources(number):
        place = source
        if not _reordered(a, b, place, tolerance):
            continue
        while (above := _reordered_above(a, b, place, tolerance)) is not None:
            place = above
        if not _only_layout(a, b, place, tolerance):
            return place
    return None


def _reordered_above(a: Judged, b: Tape, number: int, tolerance: float) -> int | None:
    """The nearest value of another order that this one was made from, seen through values without a twin."""
    waiting, seen = list(a.tape.sources(number)), set()
    while waiting:
        one = waiting.pop(0)
        if one in seen:
            continue
        seen.add(one)
        if _reordered(a, b, one, tolerance):
            return one
        if one not in a.twins:
            waiting += a.tape.sources(one)
    return None


def _reordered(a: Judged, b: Tape, number: int, tolerance: float) -> bool:
    shape = sorted(a.tape.shapes[number])
    alike_shapes = [twin for twin in a.twins.get(number, ()) if sorted(b.shapes[twin]) == shape]
    return bool(alike_shapes) and all(axes_between(a.tape, number, b, twin, tolerance) is None for twin in alike_shapes)


def _only_layout(a: Judged, b: Tape, number: int, tolerance: float) -> bool:
    """Whether both sides merely flattened what is the same but for channels first or last."""
    for twin in a.twins[number]:
        if not (_is_reshape(a.tape, number) and _is_reshape(b, twin)):
            continue
        for mine in a.tape.sources(number):
            for other in b.sources(twin):
                axes = axes_between(a.tape, mine, b, other, tolerance) if other in a.twins.get(mine, ()) else None
                if axes is not None and axes in channel_moves(len(axes)):
                    return True
    return False


def _is_reshape(tape: Tape, number: int) -> bool:
    name = tape.ops[number].rpartition("/")[2].replace("_", "").lower()
    return any(word in name for word in _RESHAPES)


def channel_moves(n: int) -> list[tuple[int, ...]]:
    """Channels to the end, channels to the second place, and no move."""
    axes = tuple(range(n))
    return [axes] if n < 3 else [axes, (0, *axes[2:], 1), (0, n - 1, *axes[1:-1])]
