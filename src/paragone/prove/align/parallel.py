"""Layers of one shape that take the same values: which is which, where the models differ, is told by what follows them.

A gate and a candidate, or the branches of a block, may run in either order. Where the outputs agree with one order,
that is the right one. Where they agree with none, because something else differs as well, a layer that a tanh follows
is taken for the one that a tanh follows on the other side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from paragone.prove.align.decisions import Decision
from paragone.prove.align.pair import AlignedPair
from paragone.prove.hypotheses import FOLLOWING
from paragone.prove.subject import Subject

_ORDER = 1e-3
"""What a place further away in the order of execution costs: it decides where nothing else does."""


@dataclass(frozen=True)
class _Known:
    """Of a side's layers by name: the digest of the values that each takes, and the activation behind it."""

    takes: Mapping[str, str]
    follows: Mapping[str, str]

    @staticmethod
    def of(subject: Subject) -> _Known:
        """What the side's worker said."""
        takes = {str(row["name"]): str(row.get("takes", "")) for row in subject.said.get("layers", ())}
        follows = {trait.where: str(trait.value) for trait in subject.traits if trait.name in FOLLOWING}
        return _Known(takes, follows)


def by_what_follows(pair: AlignedPair) -> bool:
    """Exchange the partners of layers that take the same, where what follows them is more alike then.

    Args:
        pair: of sides whose layers are all known; its decisions are changed.

    Returns:
        Whether anything was exchanged; nothing is where the experiments showed which is which, or none could be done.
    """
    if pair.found is None or pair.found.agrees:
        return False
    a, b = _Known.of(pair.a.subject), _Known.of(pair.b.subject)
    moved = False
    for members in _parallel(pair.decisions, a, b):
        theirs = [decisions[0].link.b[0].layer for decisions in members]
        mine = [decisions[0].link.a[0].layer for decisions in members]
        cost = np.array(
            [
                [(a.follows.get(one) != b.follows.get(other)) + _ORDER * abs(i - j) for j, other in enumerate(theirs)]
                for i, one in enumerate(mine)
            ]
        )
        _, partner = linear_sum_assignment(cost)
        refs = [[decision.b for decision in decisions] for decisions in members]
        for decisions, other in zip(members, partner.tolist(), strict=True):
            for decision, ref in zip(decisions, refs[other], strict=True):
                moved = moved or decision.b != ref
                decision.b = ref
    return moved


def _parallel(decisions: Sequence[Decision], a: _Known, b: _Known) -> list[list[list[Decision]]]:
    """Groups of layers of one form that take the same on both sides, each as its decisions."""
    layers: dict[tuple[str, str], list[Decision]] = {}
    for decision in decisions:
        if len(decision.link.a) == len(decision.link.b) == 1:
            layers.setdefault((decision.link.a[0].layer, decision.link.b[0].layer), []).append(decision)
    groups: dict[tuple[object, ...], list[list[Decision]]] = {}
    for (mine, theirs), own in layers.items():
        takes = a.takes.get(mine), b.takes.get(theirs)
        if all(takes):
            forms = tuple((decision.role, decision.form) for decision in own)
            groups.setdefault((*takes, forms), []).append(own)
    return [members for members in groups.values() if len(members) > 1]
