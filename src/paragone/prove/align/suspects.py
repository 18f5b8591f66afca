"""The alignment of sides that are known to differ: with what is suspected taken out of both.

Where another scale of attention or another activation keeps the outputs apart, no alignment can make them agree. But
what a side computes is read off it before anybody knows which parameter is which, and can be changed; without it the
outputs agree, with the right alignment and with no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from paragone.errors import ParagoneError
from paragone.prove.align.arranged import Arranged
from paragone.prove.align.links import linked
from paragone.prove.align.pair import AlignedPair, align_pair
from paragone.prove.hypotheses import hypotheses
from paragone.prove.laboratory import Laboratory
from paragone.prove.subject import Subject


def without_suspects(
    a: Arranged, b: Arranged, lab: Laboratory, seed: int, partners: Mapping[str, str]
) -> AlignedPair | None:
    """The pair as it is aligned where nothing suspected is left in the models; None if that does not show anything.

    Args:
        a: the side that weights are named after.
        b: the other.
        lab: asks their workers.
        seed: of the random weights.
        partners: by paths, what a guess takes for the same; it is tried first.
    """
    suspects = [one for one in hypotheses([a.subject, _named_alike(a, b, partners)]) if one.of_model]
    if not suspects:
        return None
    changes = {
        side.subject.name: [row for one in suspects if one.side == side.subject.name for row in one.plain()]
        for side in (a, b)
    }
    try:
        pair = align_pair(a, b, lab, seed, None, guess=False, changes=changes, partners=partners)
    except ParagoneError:  # a suspect that breaks its side
        return None
    if pair.found is None or not pair.found.agrees:
        return None
    return replace(pair, without=tuple(dict.fromkeys(one.trait.trap for one in suspects)))


def _named_alike(a: Arranged, b: Arranged, partners: Mapping[str, str]) -> Subject:
    """The second side, whose layers' traits are compared with those of the layers that are linked to them."""
    names = {
        link.b[0].layer: link.a[0].layer
        for link in linked(a.slots, b.slots, partners).links
        if link.a[0].known and link.b[0].known
    }
    rows = [
        row if row.get("place") or row["where"] not in names else {**row, "place": names[row["where"]]}
        for row in b.subject.said["traits"]
    ]
    return replace(b.subject, said={**b.subject.said, "traits": rows})
