"""The ways in which one array can hold a canonical weight of the same size, likeliest first.

Rows G7, G8, G10, G11, H1 and H2 of the catalogue: kernels (out, in) or (in, out), channels first or last, depthwise
kernels, transposed convolutions whose kernel is turned around, the order of a flatten, the order of gates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

from paragone.prove.align.slots import Shape, Steps

_MOST_AXES = 5


@dataclass(frozen=True)
class Layout:
    """One way to hold a weight.

    Args:
        steps: from the native array to the canonical weight.
        words: what is special about it; the weights of one layer mostly have the same.
    """

    steps: Steps
    words: str = ""


@dataclass(frozen=True)
class Hints:
    """What is known of an array beyond its shape.

    Args:
        gates: how many gates stand side by side on one of its axes; 0 for none.
        gate_axis: length of that axis.
        turned: it is a kernel over places, which may be turned around.
        channels: numbers of channels of images that may have been flattened before it.
        stacked: how many projections may be stacked on one of its axes, by heads or not; 0 for none.
        stacked_axis: length of that axis.
    """

    gates: int = 0
    gate_axis: int = 0
    turned: bool = False
    channels: tuple[int, ...] = ()
    stacked: int = 0
    stacked_axis: int = 0


def layouts(native: Shape, canonical: Shape, hints: Hints | None = None) -> list[Layout]:
    """All ways that make sense from a native array to a canonical weight; none if the sizes differ."""
    hints = hints or Hints()
    if math.prod(native) != math.prod(canonical):
        return []
    plain = [Layout(steps) for steps in _axes_moved(native, canonical)]
    found = list(plain)
    if hints.turned:
        found += [_turned(one, canonical) for one in plain]
    found += [layout for one in plain for layout in _gates(one, canonical, hints)]
    found += [Layout((*before, *one.steps), words) for before, words in flattens(native, hints) for one in plain]
    found += [layout for one in plain for layout in regrouped(one, canonical, hints)]
    return found or [Layout((("reshape", canonical),), "the same order of elements")]


def _axes_moved(native: Shape, canonical: Shape) -> Iterator[Steps]:
    """Axes in another order, some of them split or merged; axes of one element do not count."""
    short, wanted = _without_ones(native), _without_ones(canonical)
    if max(len(short), len(wanted)) > _MOST_AXES:
        return
    if len(short) >= len(wanted):
        for order in permutations(range(len(short))):
            if _merges(tuple(short[axis] for axis in order), wanted):
                yield _steps(native, short, order, canonical)
    else:
        for order in permutations(range(len(wanted))):
            split = tuple(wanted[axis] for axis in order)
            if _merges(split, short):
                back = tuple(order.index(axis) for axis in range(len(order)))
                yield _steps(native, split, back, canonical)


def _steps(native: Shape, first: Shape, order: tuple[int, ...], last: Shape) -> Steps:
    steps: list[tuple[str, tuple[int, ...]]] = []
    if first != native:
        steps.append(("reshape", first))
    if order != tuple(range(len(order))):
        steps.append(("transpose", order))
    if tuple(first[axis] for axis in order) != last:
        steps.append(("reshape", last))
    return tuple(steps)  # type: ignore[arg-type]


def _merges(split: Shape, merged: Shape) -> bool:
    """Whether neighbours among `split` can be merged into `merged`."""
    at = 0
    for wanted in merged:
        size = 1
        while size < wanted and at < len(split):
            size *= split[at]
            at += 1
        if size != wanted:
            return False
    return at == len(split)


def _without_ones(shape: Shape) -> Shape:
    return tuple(axis for axis in shape if axis > 1)


def _turned(one: Layout, canonical: Shape) -> Layout:
    """The kernel of a convolution turned around; places stand first in a canonical kernel."""
    places = tuple(range(len(canonical) - 2))
    return Layout((*one.steps, ("flip", places)), "turned around")


def _gates(one: Layout, canonical: Shape, hints: Hints) -> Iterator[Layout]:
    """Gates in another order, on the axis that holds them."""
    for axis, size in enumerate(canonical):
        if hints.gates and size == hints.gate_axis:
            for order in gate_orders(hints.gates)[1:]:
                blocks: Steps = (("blocks", (axis, *order)),)
                yield Layout(one.steps + blocks, f"gates in the order {order}")


def gate_orders(gates: int) -> list[tuple[int, ...]]:
    """All orders of gates, the known ones first: z, r, h and r, z, n of a GRU; i, f, g, o and i, g, f, o of an LSTM."""
    usual: dict[int, list[tuple[int, ...]]] = {
        3: [(0, 1, 2), (1, 0, 2)],
        4: [(0, 1, 2, 3), (0, 2, 1, 3), (0, 1, 3, 2)],
    }
    return list(dict.fromkeys([*usual.get(gates, []), *permutations(range(gates))]))


def regrouped(one: Layout, canonical: Shape, hints: Hints) -> Iterator[Layout]:
    """Stacked projections in another grouping: all of one behind the other, or those of each head together."""
    k = hints.stacked
    for axis, size in enumerate(canonical):
        if not k or size != hints.stacked_axis or size % k:
            continue
        before, after, m = canonical[:axis], canonical[axis + 1 :], size // k
        for split, moved, words in _groupings(k, m):
            order = (*range(axis), *(axis + place for place in moved), *range(axis + 3, len(canonical) + 2))
            steps: Steps = (
                ("reshape", (*before, *split, *after)),
                ("transpose", order),
                ("reshape", canonical),
            )
            yield Layout((*one.steps, *steps), words)


def _groupings(k: int, m: int) -> Iterator[tuple[Shape, Shape, str]]:
    """How an axis of k projections of m numbers is split in three, the order of those, and words for it."""
    heads = [h for h in range(2, m) if m % h == 0]
    for h in heads:
        yield (k, h, m // h), (1, 0, 2), f"projections one behind the other, where the other side has {h} heads"
        yield (h, k, m // h), (1, 0, 2), f"projections in each of {h} heads, where the other side has none"
    yield (1, k, m), (0, 2, 1), "projections one behind the other, where the other side interleaves them"
    yield (1, m, k), (0, 2, 1), "projections interleaved, where the other side has one behind the other"
    for h in heads:
        yield (h, k, m // h), (0, 2, 1), f"projections in each of {h} heads, where the other side interleaves them"
        yield (h, m // h, k), (0, 2, 1), f"projections interleaved, where the other side has {h} heads"


def flattens(native: Shape, hints: Hints) -> Iterator[tuple[Steps, str]]:
    """A flatten of images with channels first, where the other side flattens with channels last, or the reverse."""
    for channels in dict.fromkeys(hints.channels):
        for axis, size in enumerate(native):
            if size % channels or channels in {1, size}:
                continue
            before, after, places = native[:axis], native[axis + 1 :], size // channels
            order = (*range(axis), axis + 1, axis, *range(axis + 2, len(native) + 1))
            for split, words in (
                ((channels, places), "rows flattened with channels first"),
                ((places, channels), "rows flattened with channels last"),
            ):
                yield (("reshape", (*before, *split, *after)), ("transpose", order), ("reshape", native)), words


def fits(native: Shape, canonical: Shape) -> bool:
    """Whether axes can be moved, split or merged from one shape to the other."""
    return math.prod(native) == math.prod(canonical) and next(_axes_moved(native, canonical), None) is not None
