"""The ways in which one array can hold several canonical weights: stacked, interleaved, or head by head."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import chain, islice, permutations, product

from paragone.prove.align.layouts import Hints, Layout, gate_orders, layouts
from paragone.prove.align.slots import Shape, Steps, shape_after

_MOST_ORDERED = 4
"""So many parts are tried in every order."""
_MOST_WAYS = 24
"""So many ways to hold parts of several sizes are tried for each order of them."""


def stacks(native: Shape, parts: Sequence[Shape], hints: Hints | None = None) -> Iterator[tuple[Layout, ...]]:
    """Layouts of all parts in one array, likeliest first: kinds of stacking, orders of parts, layouts of each part."""
    sizes = [math.prod(part) for part in parts]
    if math.prod(native) != sum(sizes):
        return
    if len(set(sizes)) > 1:
        yield from _unequal(native, parts, sizes, hints)
        return
    k = len(parts)
    orders = gate_orders(k) if k <= _MOST_ORDERED else [tuple(range(k))]
    for kind, pieces in _pieces(native, k):
        ways = [layouts(shape_after(native, piece), part, hints) for piece, part in zip(pieces, parts, strict=True)]
        for numbers in zip(*(range(len(way)) for way in ways), strict=False):
            for order in orders:
                words = kind + ("" if order == tuple(range(k)) else f", parts in the order {order}")
                yield tuple(
                    Layout((*pieces[at], *ways[part][number].steps), _joined(words, ways[part][number].words))
                    for part, (at, number) in enumerate(zip(order, numbers, strict=True))
                )


def _joined(first: str, second: str) -> str:
    return f"{first}; {second}" if second else first


def _pieces(native: Shape, k: int) -> Iterator[tuple[str, list[Steps]]]:
    """The steps to each of k equal pieces, one kind of stacking after the other."""
    for axis, size in enumerate(native):
        if size % k == 0:
            m = size // k
            yield "stacked", [(("slice", (axis, i * m, (i + 1) * m)),) for i in range(k)]
    for axis, size in enumerate(native):
        if size % k == 0 and size > k:
            m = size // k
            for heads in [h for h in range(2, m) if m % h == 0]:
                yield (
                    f"stacked in each of {heads} heads",
                    [_piece(native, axis, (heads, k, m // heads), i) for i in range(k)],
                )
            yield "interleaved", [_piece(native, axis, (m, k, 1), i) for i in range(k)]


def _piece(native: Shape, axis: int, split: tuple[int, int, int], i: int) -> Steps:
    before, after = native[:axis], native[axis + 1 :]
    merged = (*before, split[0] * split[2], *after)
    return (("reshape", (*before, *split, *after)), ("slice", (axis + 1, i, i + 1)), ("reshape", merged))


def _unequal(
    native: Shape, parts: Sequence[Shape], sizes: Sequence[int], hints: Hints | None
) -> Iterator[tuple[Layout, ...]]:
    """Parts of several sizes, one behind the other on one axis: first those that are held alike, then any."""
    alike: list[Iterator[tuple[Layout, ...]]] = []
    mixed: list[Iterator[tuple[Layout, ...]]] = []
    for pieces in _unequal_pieces(native, parts, sizes):
        ways = [layouts(shape_after(native, piece), part, hints) for piece, part in zip(pieces, parts, strict=True)]
        alike.append(_placed(pieces, _alike(ways)))
        mixed.append(_placed(pieces, islice(product(*ways), _MOST_WAYS)))
    seen = set()
    for choice in chain(*alike, *mixed):
        if choice not in seen:
            seen.add(choice)
            yield choice


def _unequal_pieces(native: Shape, parts: Sequence[Shape], sizes: Sequence[int]) -> Iterator[list[Steps]]:
    """The steps to each part, for each axis and each order of the parts on it."""
    for axis, length in enumerate(native):
        row = math.prod(native) // length
        if any(size % row for size in sizes):
            continue
        for order in permutations(range(len(parts))) if len(parts) <= _MOST_ORDERED else [tuple(range(len(parts)))]:
            starts, at = {}, 0
            for part in order:
                starts[part] = at
                at += sizes[part] // row
            yield [(("slice", (axis, starts[part], starts[part] + sizes[part] // row)),) for part in range(len(parts))]


def _alike(ways: Sequence[Sequence[Layout]]) -> Iterator[tuple[Layout, ...]]:
    """Ways in which all parts are held with the same words: gates in one order, turned around or not."""
    for words in dict.fromkeys(way.words for way in ways[0]):
        yield from product(*([way for way in part if way.words == words] for part in ways))


def _placed(pieces: Sequence[Steps], chosen: Iterator[tuple[Layout, ...]]) -> Iterator[tuple[Layout, ...]]:
    for ways in chosen:
        yield tuple(
            Layout((*piece, *way.steps), _joined("stacked", way.words)) for piece, way in zip(pieces, ways, strict=True)
        )
