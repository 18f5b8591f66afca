"""The alignment of sides that are known to differ: with what is suspected taken out of both.

Where another scale of attention or another activation keeps the outputs apart, no alignment can make them agree. But
what a side computes is read off it before anybody knows which parameter is which, and can be changed; without it the
outputs agree, with the right alignment and with no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from paragone.errors import ParagoneError
from paragone.prove.align.arranged import Arranged, set_up
from paragone.prove.align.pair import AlignedPair, align_pair
from paragone.prove.hypotheses import Intervention, hypotheses
from paragone.prove.laboratory import Laboratory


def without_suspects(a: Arranged, b: Arranged, lab: Laboratory, seed: int) -> AlignedPair | None:
    """The pair as it is aligned where nothing suspected is left in the models; None if that does not show anything.

    Args:
        a: the side that weights are named after.
        b: the other.
        lab: asks their workers.
        seed: of the random weights.
    """
    suspects = [one for one in hypotheses([a.subject, b.subject]) if one.of_model]
    if not suspects:
        return None
    try:
        with _taken_out(suspects, (a, b), lab, seed):
            pair = align_pair(a, b, lab, seed, None, guess=False)
    except ParagoneError:  # a suspect that breaks its side
        return None
    if pair.found is None or not pair.found.agrees:
        return None
    return replace(pair, without=tuple(dict.fromkeys(one.trait.trap for one in suspects)))


@contextmanager
def _taken_out(
    suspects: Sequence[Intervention], sides: tuple[Arranged, Arranged], lab: Laboratory, seed: int
) -> Iterator[None]:
    """Meanwhile the workers run the sides without the suspects."""
    try:
        for side in sides:
            own = [row for one in suspects if one.side == side.subject.name for row in one.plain()]
            set_up(side, lab, seed, own)
        yield
    finally:
        for side in sides:
            set_up(side, lab, seed)
