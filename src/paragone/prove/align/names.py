"""Names of canonical weights: those of the side whose layers are known, one name for one weight."""

from __future__ import annotations

from dataclasses import dataclass, field

from paragone.prove.align.link import Link


def named(links: list[Link]) -> list[tuple[str, ...]]:
    """The names of the weights of each link."""
    names = _Names()
    return [tuple(names.of(title, link) for title in _titles(link)) for link in links]


def _titles(link: Link) -> list[str]:
    """One for each weight: of the side that keeps them apart, else of the side that knows its layer."""
    if link.plus and len(link.a) == len(link.b):
        return [slot.title for slot in link.own(1 - link.adds)]
    if len(link.a) != len(link.b):
        return [slot.title for slot in max(link.a, link.b, key=len)]
    a, b = link.a[0], link.b[0]
    return [(a if a.known or not b.known else b).title]


@dataclass
class _Names:
    """Names that are given already.

    Two sides count their layers each for itself, and one does not count what is of a class of its own: then a name that
    comes from one side may be that of another layer on the other.
    """

    weights: set[str] = field(default_factory=set)
    layers: dict[str, list[set[tuple[int, str]]]] = field(default_factory=dict)
    """By the name that a side has for it: the layers of this name, each by the modules of both sides."""
    given: dict[tuple[str, int], str] = field(default_factory=dict)

    def of(self, title: str, link: Link) -> str:
        """The name of a weight, of the layer that its modules belong to."""
        wanted, _, role = title.partition("/")
        layer = self._layer(wanted, link)
        name, number = f"{layer}/{role}", 2
        while name in self.weights:
            name = f"{layer}/{role}_{number}"
            number += 1
        self.weights.add(name)
        return name

    def _layer(self, wanted: str, link: Link) -> str:
        modules = {(side, slot.module) for side, slots in ((0, link.slots(0)), (1, link.slots(1))) for slot in slots}
        known = self.layers.setdefault(wanted, [])
        place = next((place for place, one in enumerate(known) if one & modules), None)
        if place is not None:
            known[place] |= modules
            return self.given[wanted, place]
        known.append(modules)
        self.given[wanted, len(known) - 1] = free = self._free(wanted)
        return free

    def _free(self, wanted: str) -> str:
        taken = {*self.given.values()}
        if wanted not in taken:
            return wanted
        kind, _, number = wanted.rpartition("_")
        start = int(number) + 1 if kind and number.isdigit() else 2
        stem = kind if kind and number.isdigit() else wanted
        return next(name for count in range(start, 10**9) if (name := f"{stem}_{count}") not in taken)
