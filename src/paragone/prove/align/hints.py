"""What the neighbours of a link tell about how it may be held: gates, places, flattened images, stacks."""

from __future__ import annotations

from collections.abc import Sequence

from paragone.prove.align.gates import gates_of
from paragone.prove.align.layouts import Hints
from paragone.prove.align.link import Link
from paragone.prove.align.slots import Slot

_PLACES = 3
"""A kernel over places has at least so many axes."""


def hints_of(link: Link, at: int, links: Sequence[Link], a: Sequence[Slot], b: Sequence[Slot]) -> Hints:
    """What is known of a link beyond its shapes."""
    gates, axis = next(
        (found for side, slots in ((link.a, a), (link.b, b)) if (found := gates_of(side[0], slots))[0]), (0, 0)
    )
    places = all(len(slot.shape) >= _PLACES for slot in (*link.a, *link.b)) and link.a[0].role == "kernel"
    unknown = not all(slot.known for slot in (*link.a, *link.b))
    stacked = (0, 0) if gates else _stacked(link, links)  # what stands side by side is one or the other
    return Hints(gates, axis, places and unknown, _channels(link, at, links), *stacked)


def _channels(link: Link, at: int, links: Sequence[Link]) -> tuple[int, ...]:
    """Numbers of channels of the kernel over places before a matrix."""
    if any(len(slot.shape) != 2 for slot in (*link.a, *link.b)):
        return ()
    for before in reversed(links[:at]):
        slots = [slot for slot in (*before.a, *before.b) if slot.role == "kernel"]
        if any(len(slot.shape) == 2 for slot in slots):
            return ()
        if slots and len(slots[0].canonical) >= _PLACES:
            return tuple(dict.fromkeys(slot.canonical[-1] for slot in slots))
    return ()


def _stacked(link: Link, links: Sequence[Link]) -> tuple[int, int]:
    """How many projections may be stacked in both sides' arrays: a kernel is two or three times as wide as long."""
    if len(link.a) != 1 or len(link.b) != 1:
        return 0, 0
    module = link.a[0].module
    kernels = [one.a[0] for one in links if len(one.a) == 1 and one.a[0].module == module]
    for kernel in kernels:
        if len(kernel.shape) == 2:
            short, long = sorted(kernel.shape)
            if short > 1 and long in {2 * short, 3 * short} and long in link.a[0].canonical:
                return long // short, long
    return 0, 0
