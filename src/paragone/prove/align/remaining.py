"""Links of what is left when kernels and vectors are matched: stacked biases, second biases, what has the same size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from paragone.prove.align.gates import gates_of
from paragone.prove.align.link import Link
from paragone.prove.align.slots import Slot

MOST_PARTS = 8
"""So many parameters may be stacked in one."""
_GRU_GATES = 3


def stacked(a: Sequence[Slot], b: Sequence[Slot], kernels: Sequence[Link]) -> list[Link]:
    """One vector that holds several of the other side: the biases of kernels that are stacked."""
    found: list[Link] = []
    behind = _modules_stacked(kernels)
    free_a, free_b = list(a), list(b)
    for big, small, flipped in ((free_a, free_b, False), (free_b, free_a, True)):
        for one in list(big):
            own = [slot for slot in small if slot.module in behind.get(one.module, ())] if one.known else small
            parts = _parts(one, own)
            if parts:
                big.remove(one)
                for part in parts:
                    small.remove(part)
                found.append(Link(tuple(parts), (one,)) if flipped else Link((one,), tuple(parts)))
    return found


def _modules_stacked(kernels: Sequence[Link]) -> dict[str, set[str]]:
    """For each module with a kernel that holds several kernels, the modules of these."""
    found: dict[str, set[str]] = {}
    for link in kernels:
        for one, parts in ((link.a, link.b), (link.b, link.a)):
            if len(one) == 1 < len(parts):
                found.setdefault(one[0].module, set()).update(part.module for part in parts)
    return found


def _parts(one: Slot, small: Sequence[Slot]) -> list[Slot]:
    """The first parameters of one role whose sizes add up to that of one: equal ones, else one after the other."""
    for start, first in enumerate(small):
        if (first.role == "kernel") != (one.role == "kernel"):
            continue
        like = [slot for slot in small[start:] if slot.role == first.role]
        equal = [slot for slot in like if slot.size == first.size]
        for run in (equal, like):
            for n in range(2, min(len(run), MOST_PARTS) + 1):
                if sum(slot.size for slot in run[:n]) == one.size:
                    return run[:n]
    return []


def added(
    a: Sequence[Slot], b: Sequence[Slot], links: Sequence[Link], slots: tuple[Sequence[Slot], Sequence[Slot]]
) -> list[Link]:
    """Biases beside one that is linked, or beside each of several, in the same layer: the two are added up (row H4).

    Not so in a GRU, whose second bias stands inside r * (…) (row H3).
    """
    found: dict[tuple[Slot, ...], Link] = {}
    for rest, side in ((a, 0), (b, 1)):
        free = [slot for slot in rest if slot.role == "bias" and gates_of(slot, slots[side])[0] != _GRU_GATES]
        for link in sorted(links, key=lambda one: one.own(side)[0].order):
            plus = _twins(link, side, free)
            if plus and link.a not in found:
                free = [slot for slot in free if slot not in plus]
                found[link.a] = replace(link, plus=plus, adds=side)
    return [*found.values()]


def _twins(link: Link, side: int, free: Sequence[Slot]) -> tuple[Slot, ...]:
    """For every parameter of one side one that is added to it, the nearest; nothing where one of them has none."""
    found: list[Slot] = []
    for slot in link.own(side):
        near = [one for one in free if one not in found and _beside(one, slot)]
        if not near:
            return ()
        found.append(min(near, key=lambda one: abs(one.order - slot.order)))
    return tuple(found)


def _beside(extra: Slot, slot: Slot) -> bool:
    same_layer = slot.module == extra.module or slot.parent == extra.parent != ""
    return same_layer and slot.role == "bias" and slot.shape == extra.shape


def by_size(a: Sequence[Slot], b: Sequence[Slot]) -> list[Link]:
    """Whatever has the same size, in order."""
    found, free = [], list(b)
    for one in a:
        other = next((slot for slot in free if slot.size == one.size), None)
        if other is not None:
            free.remove(other)
            found.append(Link((one,), (other,)))
    return found
