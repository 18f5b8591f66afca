"""The alignment of two sides: links, decisions, experiments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from paragone.prove.align.arranged import Arranged, arm_of, set_up
from paragone.prove.align.decisions import Decision, decided
from paragone.prove.align.hints import hints_of
from paragone.prove.align.link import Link
from paragone.prove.align.links import Linked, linked
from paragone.prove.align.mapping import GivenPair
from paragone.prove.align.names import named
from paragone.prove.align.rig import Arm, Limits, OutputForm, Rig
from paragone.prove.align.search import Found, Search
from paragone.prove.align.slots import Slot
from paragone.prove.align.taken_apart import taken_apart
from paragone.prove.laboratory import Laboratory
from paragone.records import AlignedWeight, Alignment

_MOST, _LEAST, _NUMBERS_WRITTEN = 400, 60, 2e9
"""Experiments on two sides: at most, at least, and how many numbers may be put in place in all of them."""
_STARTS_AT_ZERO = {"bias", "vector"}
"""What may stand alone on one side: with zeros it changes nothing."""


@dataclass
class AlignedPair:
    """Two sides with their decisions.

    Args:
        a: the side that the weights are named after.
        b: the other.
        linked: what is linked and what is not.
        decisions: one for each link.
        found: what came of the experiments; None where there could be none.
        form: how the outputs correspond.
        limits: how far apart equal outputs may be.
        without: traps that were taken out of the models for the experiments.
    """

    a: Arranged
    b: Arranged
    linked: Linked
    decisions: list[Decision]
    found: Found | None = None
    form: OutputForm | None = None
    limits: Limits = field(default_factory=Limits)
    without: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that cannot start at zero has a partner."""
        alone = [*self.linked.only_a, *self.linked.only_b]
        return bool(self.decisions) and all(slot.buffer or slot.role in _STARTS_AT_ZERO for slot in alone)

    def zeros(self, side: int) -> list[str]:
        """Paths of one side's parameters that start at zero: those alone, and what is added to another."""
        alone = (self.linked.only_a, self.linked.only_b)[side]
        plus = [path for one in self.decisions for path in one.plus(side)]
        return [*(slot.path for slot in alone if not slot.buffer), *plus]

    def record(self, notes: Sequence[str]) -> Alignment:
        """For the record of the proof."""
        found, open_ = self.found, [id(one) for one in (self.found.open if self.found else ())]
        return Alignment(
            a=self.a.subject.name,
            b=self.b.subject.name,
            found=self.complete,
            agrees=bool(found and found.agrees),
            distance=found.distance if found and np.isfinite(found.distance) else None,
            experiments=found.experiments if found else 0,
            weights=tuple(_row(decision, open_=id(decision) in open_) for decision in self.decisions),
            only_a=tuple(slot.words for slot in self.linked.only_a),
            only_b=tuple(slot.words for slot in self.linked.only_b),
            without=self.without,
            notes=(*self.a.notes, *self.b.notes, *self._precision(), *notes),
        )

    def _precision(self) -> list[str]:
        """What is to be said of an alignment in float32."""
        if self.a.dtype == "float64":
            return []
        names = f"{self.a.subject.name} and {self.b.subject.name}"
        return [
            f"{names} were aligned in float32, because one of them cannot run in float64: outputs up to "
            f"{self.limits.exact:.1g} apart count as equal, ten times what rounding alone makes of them"
        ]


def _row(decision: Decision, *, open_: bool) -> AlignedWeight:
    of = [zip(decision.paths(side), decision.link.slots(side), strict=True) for side in (0, 1)]
    a, b = (tuple(f"{path} {slot.shape}" for path, slot in one) for one in of)
    added = bool(decision.link.plus)
    words = [*(["added up, the second from zero (row H4)"] if added else []), *filter(None, [decision.words])]
    return AlignedWeight(names=decision.names, a=a, b=b, layout="; ".join(words), added=added, open=open_)


def align_pair(
    a: Arranged,
    b: Arranged,
    lab: Laboratory,
    seed: int,
    given: GivenPair | None,
    *,
    guess: bool = True,
    changes: Mapping[str, Sequence[Any]] | None = None,
    partners: Mapping[str, str] | None = None,
) -> AlignedPair:
    """Link the parameters of two sides and decide by experiment how each link is held.

    Args:
        a: the side that weights are named after.
        b: the other.
        lab: asks their workers.
        seed: of the random weights.
        given: what a mapping file says of the two.
        guess: judge choices also where the models differ elsewhere.
        changes: traits of the sides, by side, that are otherwise during the experiments.
        partners: by paths, what a guess takes for the same; it is tried first.
    """
    found = given.linked(a.slots, b.slots) if given else linked(a.slots, b.slots, partners)
    pair = AlignedPair(a, b, found, _decisions(found, a.slots, b.slots, given))
    if not pair.complete:
        return pair
    set_up((a, b), lab, seed, changes or {})
    arms = tuple(arm_of(side, lab, pair.zeros(at)) for at, side in enumerate((a, b)))
    rig = _rig(pair, arms, seed)
    if not rig.forms:
        return pair
    if a.dtype == "float32":
        pair.limits = rig.limits = Limits.above(rig.floor())
    pair.found, pair.form = Search(rig, guess=guess).run(), rig.forms[0]
    return pair if pair.found.agrees or given else _in_parts(pair, arms, seed)


def _rig(pair: AlignedPair, arms: tuple[Arm, ...], seed: int) -> Rig:
    """The fewer experiments the larger the sides are, so that they take minutes at most."""
    numbers = max(sum(slot.size for slot in side.slots) for side in (pair.a, pair.b))
    most = int(min(_MOST, max(_LEAST, _NUMBERS_WRITTEN / max(1, numbers))))
    return Rig((arms[0], arms[1]), pair.decisions, seed, most, pair.limits)


def _in_parts(pair: AlignedPair, arms: tuple[Arm, ...], seed: int) -> AlignedPair:
    """Once more with stacks taken apart, where that makes a difference."""
    links = taken_apart(pair.linked.links)
    if len(links) == len(pair.linked.links):
        return pair
    apart = replace(pair.linked, links=links)
    again = AlignedPair(pair.a, pair.b, apart, _decisions(apart, pair.a.slots, pair.b.slots, None), limits=pair.limits)
    for arm in arms:
        arm.sent.clear()
    rig = _rig(again, arms, seed)
    again.found, again.form = Search(rig).run(), rig.forms[0]
    return again if again.found.agrees else pair


def _decisions(found: Linked, a: Sequence[Slot], b: Sequence[Slot], given: GivenPair | None) -> list[Decision]:
    """A decision for each link; links that no layout fits fall apart."""
    decisions = []
    for at, (link, names) in enumerate(zip(tuple(found.links), named(found.links), strict=True)):
        decision = decided(link, names, hints_of(link, at, found.links, a, b))
        if given:
            given.choose(decision)
        if decision.choices:
            decisions.append(decision)
        else:
            _fall_apart(found, link)
    return decisions


def _fall_apart(found: Linked, link: Link) -> None:
    found.only_a += link.slots(0)
    found.only_b += link.slots(1)
    found.links.remove(link)
