"""Links of stacks, cut into one for each of the parameters that are stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from paragone.prove.align.link import Link


def taken_apart(links: Sequence[Link]) -> list[Link]:
    """The same links with stacks cut into parts, one for each parameter that was linked to them.

    Then parts of several stacks may be exchanged: which matrix of a cell is which gate of which kernel.
    """
    return [part for link in links for part in _parts_of(link)]


def _parts_of(link: Link) -> list[Link]:
    if link.plus or len(link.a) == len(link.b):
        return [link]
    one, many = (link.a[0], link.b) if len(link.a) == 1 else (link.b[0], link.a)
    k = len(many)
    axes = [axis for axis, size in enumerate(one.shape) if size % k == 0]
    if not axes or len({slot.size for slot in many}) > 1:
        return [link]
    axis = max(axes, key=lambda place: one.shape[place])
    length = one.shape[axis] // k
    shape = (*one.shape[:axis], length, *one.shape[axis + 1 :])
    pieces = [replace(one, shape=shape, piece=(("slice", (axis, i * length, (i + 1) * length)),)) for i in range(k)]
    return [
        Link((piece,), (slot,)) if one is link.a[0] and len(link.a) == 1 else Link((slot,), (piece,))
        for piece, slot in zip(pieces, many, strict=True)
    ]
