"""Which parameters of two sides belong together, by their order, their roles and their sizes: a first guess.

Kernels are matched in order of first use, one with one, or one with several that are stacked in it. Vectors are
matched by the kernels that they stand behind and by their roles. What is guessed wrong among parameters of one form is
put right by experiment (`paragone.prove.align.search`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np
from scipy.optimize import linear_sum_assignment

from paragone.prove.align.layouts import fits
from paragone.prove.align.link import Link
from paragone.prove.align.remaining import MOST_PARTS, added, by_size, stacked
from paragone.prove.align.slots import Slot

_SKIP = 3.0
"""What it costs to leave a kernel without a partner, where a difference of layout costs up to one."""
_NEVER = 1e9
_TURNED = 2
"""So many kernels that one side uses one after the other, and the other side the other way round."""
_TURNED_PRICE = 0.1
"""What that costs, so that kernels in order are taken first."""
_ASTRAY = 0.7
"""What it costs if a vector goes another way than its module."""


@dataclass
class Linked:
    """The links between two sides, and the parameters that have none.

    Args:
        links: what belongs together.
        only_a: what stands alone on the first side.
        only_b: what stands alone on the second.
        crossed: whether kernels are linked in another order than that in which they are used.
    """

    links: list[Link] = field(default_factory=list)
    only_a: list[Slot] = field(default_factory=list)
    only_b: list[Slot] = field(default_factory=list)
    crossed: bool = False


def linked(a: Sequence[Slot], b: Sequence[Slot], partners: Mapping[str, str] | None = None) -> Linked:
    """Match the parameters of two sides; those first whose partners are known, by their paths."""
    named = _named(a, b, partners or {})
    found = _linked(_without(a, named, 0), _without(b, named, 1))
    found.links = sorted([*named, *found.links], key=lambda link: link.a[0].order)
    return found


def _named(a: Sequence[Slot], b: Sequence[Slot], partners: Mapping[str, str]) -> list[Link]:
    theirs = {slot.path: slot for slot in b}
    return [
        Link((mine,), (other,))
        for mine in a
        if (other := theirs.get(partners.get(mine.path, ""))) is not None and _price(mine, other) < _NEVER
    ]


def _linked(a: Sequence[Slot], b: Sequence[Slot]) -> Linked:
    found = Linked()
    kernels_a, kernels_b = ([slot for slot in side if slot.role == "kernel"] for side in (a, b))
    in_order = _in_order(kernels_a, kernels_b)
    placed = [*in_order, *_out_of_place(_without(kernels_a, in_order, 0), _without(kernels_b, in_order, 1))]
    kernels = _uncrossed(placed)
    found.crossed = kernels != placed
    found.links += kernels
    rest_a, rest_b = _without(a, kernels, 0), _without(b, kernels, 1)
    vectors = _vectors(rest_a, rest_b, a, b, kernels)
    found.links += vectors
    rest_a, rest_b = _without(rest_a, vectors, 0), _without(rest_b, vectors, 1)
    _link_more(found, stacked(rest_a, rest_b, kernels), rest_a, rest_b)
    wider = added(rest_a, rest_b, found.links, (a, b))
    own = {link.a for link in wider}
    found.links = [one for one in found.links if one.a not in own]
    _link_more(found, wider, rest_a, rest_b)
    _link_more(found, by_size(rest_a, rest_b), rest_a, rest_b)
    found.links.sort(key=lambda link: link.a[0].order)
    found.only_a, found.only_b = rest_a, rest_b
    return found


def _link_more(found: Linked, links: Sequence[Link], rest_a: list[Slot], rest_b: list[Slot]) -> None:
    found.links += links
    rest_a[:], rest_b[:] = _without(rest_a, links, 0), _without(rest_b, links, 1)


def _without(slots: Sequence[Slot], links: Sequence[Link], side: int) -> list[Slot]:
    gone = {slot.path for link in links for slot in link.slots(side)}
    return [slot for slot in slots if slot.path not in gone]


# ---------------------------------------------------------------------- kernels


def _in_order(a: Sequence[Slot], b: Sequence[Slot]) -> list[Link]:
    """The walk along both sides that leaves the fewest kernels alone: as they run, else a cell's in another order."""

    def alone(links: Sequence[Link]) -> int:
        return len(_without(a, links, 0)) + len(_without(b, links, 1))

    found = _kernels(a, b)
    if alone(found):
        tried = [_kernels(mine, theirs) for mine, theirs in ((_by_source(a), b), (a, _by_source(b)))]
        found = min([found, *tried], key=alone)
    return found


def _by_source(kernels: Sequence[Slot]) -> list[Slot]:
    """Where a cell runs the gates one after the other, each on its input and on its state: first all of the one."""
    found: list[Slot] = []
    for parent, run in groupby(kernels, key=lambda slot: slot.parent):
        own = list(run)
        in_turns = parent and len(own) % 2 == 0 and len(own) > 2
        found += [*own[::2], *own[1::2]] if in_turns else own
    return found


def _kernels(a: Sequence[Slot], b: Sequence[Slot]) -> list[Link]:
    """The cheapest walk along both sides at once; a kernel out of its place has no partner in it."""
    rows, columns = len(a) + 1, len(b) + 1
    cost = np.full((rows, columns), np.inf)
    move: dict[tuple[int, int], tuple[int, int]] = {}
    cost[0, 0] = 0.0
    for i in range(rows):
        for j in range(columns):
            for n, m, price in _moves(a, b, i, j):
                if cost[i, j] + price < cost[i + n, j + m]:
                    cost[i + n, j + m] = cost[i, j] + price
                    move[i + n, j + m] = n, m
    links, at = [], (len(a), len(b))
    while at != (0, 0):
        n, m = move[at]
        if n == m == _TURNED:
            links += [Link((a[at[0] - 1],), (b[at[1] - 2],)), Link((a[at[0] - 2],), (b[at[1] - 1],))]
        elif n and m:
            links.append(Link(tuple(a[at[0] - n : at[0]]), tuple(b[at[1] - m : at[1]])))
        at = at[0] - n, at[1] - m
    return links[::-1]


def _out_of_place(a: Sequence[Slot], b: Sequence[Slot]) -> list[Link]:
    """Kernels that one side uses earlier than the other, such as that of a shortcut; only those of one known form."""
    found, free = [], list(b)
    for one in a:
        other = next((slot for slot in free if slot.canonical == one.canonical and _price(one, slot) == 0.0), None)
        if other is not None:
            free.remove(other)
            found.append(Link((one,), (other,)))
    return found


def _uncrossed(links: list[Link]) -> list[Link]:
    """Partners exchanged where one is beside other layers and its partner is not, and the other way round.

    A shortcut takes what the first layer of its block takes; a framework may run it before the block or after it.
    """
    links = list(links)
    for at, link in enumerate(links):
        if _beside(link.a) == _beside(link.b):
            continue
        for other in range(at + 1, len(links)):
            one = links[other]
            if (_beside(link.a), _beside(link.b)) == (_beside(one.b), _beside(one.a)) and _alike(link, one):
                links[at], links[other] = Link(link.a, one.b), Link(one.a, link.b)
                break
    return links


def _beside(slots: Sequence[Slot]) -> int:
    return slots[0].beside if len(slots) == 1 else 0


def _alike(one: Link, other: Link) -> bool:
    """Whether two links of single parameters are of one form, and it is known beside how many each of these is."""
    slots = (*one.a, *one.b, *other.a, *other.b)
    known = len(slots) == 4 and all(slot.beside for slot in slots)
    return known and len({slot.canonical for slot in slots}) == 1


def _moves(a: Sequence[Slot], b: Sequence[Slot], i: int, j: int) -> list[tuple[int, int, float]]:
    """How the walk may go on: one with one, one with several, two with two the other way round, or past one."""
    moves = []
    if i < len(a):
        moves.append((1, 0, _SKIP))
    if j < len(b):
        moves.append((0, 1, _SKIP))
    if i < len(a) and j < len(b):
        moves.append((1, 1, _price(a[i], b[j])))
        if len(a) - i >= _TURNED and len(b) - j >= _TURNED:
            moves.append((_TURNED, _TURNED, _price(a[i], b[j + 1]) + _price(a[i + 1], b[j]) + _TURNED_PRICE))
        for n in range(2, MOST_PARTS + 1):
            if len(b) - j >= n:
                moves.append((1, n, _stacked_price(a[i], b[j : j + n])))
            if len(a) - i >= n:
                moves.append((n, 1, _stacked_price(b[j], a[i : i + n])))
    return moves


def _price(a: Slot, b: Slot) -> float:
    """How unlikely it is that two parameters are the same weight."""
    if a.size != b.size or not fits(a.shape, b.shape):
        return _NEVER
    price = 0.0 if a.canonical == b.canonical else 0.2
    price += 0.3 * (a.known and b.known and a.kind != b.kind) + 0.1 * (a.known != b.known)
    return price + 0.5 * (a.buffer != b.buffer)


def _stacked_price(one: Slot, parts: Sequence[Slot]) -> float:
    if one.size != sum(part.size for part in parts) or len({part.role for part in parts}) > 1:
        return _NEVER
    if one.known and not any(all(axis in part.canonical for part in parts) for axis in one.canonical):
        return _NEVER  # layers of other inputs and other outputs
    sizes = {part.size for part in parts}
    return 0.5 + 0.05 * len(parts) + 0.5 * (len(sizes) > 1)


# ---------------------------------------------------------------------- vectors


def _vectors(
    rest_a: Sequence[Slot], rest_b: Sequence[Slot], a: Sequence[Slot], b: Sequence[Slot], kernels: Sequence[Link]
) -> list[Link]:
    """The cheapest matching of what is left, by the kernels that each stands behind, its role and its place."""
    if not rest_a or not rest_b:
        return []
    at_a, at_b = _anchors(rest_a, a, kernels, 0), _anchors(rest_b, b, kernels, 1)
    partner = _module_partners(rest_a, rest_b, at_a, at_b, kernels)
    price = np.array(
        [
            [_vector_price(x, y, at_a[x.path], at_b[y.path]) + _ASTRAY * _astray(x, y, partner) for y in rest_b]
            for x in rest_a
        ]
    )
    rows, columns = linear_sum_assignment(price)
    return [Link((rest_a[i],), (rest_b[j],)) for i, j in zip(rows, columns, strict=True) if price[i, j] < _NEVER / 2]


def _module_partners(
    rest_a: Sequence[Slot],
    rest_b: Sequence[Slot],
    at_a: Mapping[str, float],
    at_b: Mapping[str, float],
    kernels: Sequence[Link],
) -> dict[str, str]:
    """For modules of the first side the one of the second: by their kernels, else by the vectors that both have."""
    found = {one.a[0].module: one.b[0].module for one in kernels if len(one.a) == len(one.b) == 1}
    free_a = {slot.module: slot for slot in reversed(rest_a) if slot.module not in found}
    free_b = {slot.module: slot for slot in reversed(rest_b) if slot.module not in found.values()}
    if not free_a or not free_b:
        return found
    forms = [_module_sizes(rest) for rest in (rest_a, rest_b)]
    price = np.array(
        [
            [abs(at_a[x.path] - at_b[y.path]) if forms[0][m] == forms[1][n] else _NEVER for n, y in free_b.items()]
            for m, x in free_a.items()
        ]
    )
    names_a, names_b = list(free_a), list(free_b)
    rows, columns = linear_sum_assignment(price)
    pairs = [(names_a[i], names_b[j]) for i, j in zip(rows, columns, strict=True) if price[i, j] < _NEVER / 2]
    return found | dict(pairs)


def _module_sizes(slots: Sequence[Slot]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for slot in sorted(slots, key=lambda one: one.size):
        found.setdefault(slot.module, []).append(slot.size)
    return found


def _astray(a: Slot, b: Slot, partner: Mapping[str, str]) -> bool:
    """Whether a vector's module belongs to another one."""
    return a.module in partner and partner[a.module] != b.module


def _anchors(rest: Sequence[Slot], slots: Sequence[Slot], kernels: Sequence[Link], side: int) -> dict[str, float]:
    """How many links of kernels stand before each, and a little for its place among those behind the same kernel.

    A vector of a module with one kernel stands behind that one, whichever of them is used first.
    """
    ranks = {slot.path: rank for rank, link in enumerate(kernels, 1) for slot in (link.a, link.b)[side]}
    wanted = {slot.path for slot in rest}
    found: dict[str, float] = {}
    of_module: dict[str, list[int]] = {}
    for slot in slots:
        if slot.path in ranks:
            of_module.setdefault(slot.module, []).append(ranks[slot.path])
    last = 0
    behind: Counter[int] = Counter()
    for slot in slots:
        if slot.path in ranks:
            last = ranks[slot.path]
        elif slot.path in wanted:
            own = of_module.get(slot.module, [])
            rank = own[0] if len(own) == 1 else last
            behind[rank] += 1
            found[slot.path] = rank + min(behind[rank], 50) / 100
    return found


def _vector_price(a: Slot, b: Slot, at_a: float, at_b: float) -> float:
    if a.size != b.size:
        return _NEVER
    price = abs(at_a - at_b) + 2.0 * (a.buffer != b.buffer)
    if a.role != b.role:
        price += 0.3 if "vector" in {a.role, b.role} else 1.5
    return price
