"""The method, on numbers alone: how surely each option is first, over all weights that agree with what was said.

Options are held against each other in pairs, and a pair on what is known of the two and of nobody else. So an option
that is added changes nothing between the others; one that is no better than another on any criterion beats nobody whom
the other does not beat; and a copy changes nothing at all. A better value never lowers the share of draws of its
option.

An option is first in a draw where nobody beats it. A draw takes one vector of weights, and for each criterion one
standard normal number, by which every difference on that criterion is larger or smaller than measured. A difference
that was told apart never changes its sign, and one that was not is nothing: it is left out. Two options that no
criterion tells apart do not beat each other, in no draw: they form a class, and do not split each other's chances.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Pairs:
    """What is known of every pair of options.

    Args:
        ends: (pairs, 2), the places of the two options.
        low: (pairs, criteria), the least utility by which the first of the two can lead the second.
        high: (pairs, criteria), the most; `low` where it is known.
        spread: (pairs, criteria), standard deviation of the lead.
        level: (pairs,), whether no criterion tells the two apart.
    """

    ends: np.ndarray[Any, np.dtype[np.int64]]
    low: Numbers
    high: Numbers
    spread: Numbers
    level: Flags


@dataclass(frozen=True)
class Standing:
    """What came out.

    Args:
        first: (options,), share of the draws in which nobody beats the option.
        nobody: share of the draws in which everybody is beaten by somebody: what is not told apart is left out of each
            pair alone, so that three may go round.
        ahead: (pairs, 2), share of the draws in which each of the two is surely ahead of the other.
        leads: (pairs, draws), the lead of the first of the two, at the least.
        counter: (pairs, draws), the lead of the second, at the least.
    """

    first: Numbers
    nobody: float
    ahead: Numbers
    leads: Numbers
    counter: Numbers


def stand(pairs: Pairs, options: int, weights: Numbers, noise: Numbers) -> Standing:
    """Hold every pair against each other in every draw.

    Args:
        pairs: of all options.
        options: how many there are.
        weights: (draws, criteria), each row summing to 1.
        noise: (draws, criteria), standard normal numbers.
    """
    beaten = np.zeros((options, len(weights)), dtype=bool)
    ahead = np.zeros((len(pairs.ends), 2))
    leads, counter = (np.zeros((len(pairs.ends), len(weights))) for _ in range(2))
    for at, (a, b) in enumerate(pairs.ends):
        if pairs.level[at]:
            continue
        leads[at] = _lead(pairs.low[at], pairs.spread[at], weights, noise)
        counter[at] = -_lead(pairs.high[at], pairs.spread[at], weights, noise)
        ahead[at] = (leads[at] > 0).mean(), (counter[at] > 0).mean()
        beaten[b] |= counter[at] < 0
        beaten[a] |= leads[at] < 0
    nobody = float(beaten.all(axis=0).mean()) if options else 0.0
    return Standing(1 - beaten.mean(axis=1), nobody, ahead, leads, counter)


def _lead(gaps: Numbers, spread: Numbers, weights: Numbers, noise: Numbers) -> Numbers:
    """Weighted sum of the gaps, each as large as drawn, and never of another sign."""
    used = np.flatnonzero(gaps)
    sizes = np.maximum(np.abs(gaps[used]) + spread[used] * noise[:, used], 0.0)
    return np.asarray((weights[:, used] * np.sign(gaps[used]) * sizes).sum(axis=1))


def class_of_winners(standing: Standing, robust: float) -> tuple[int, ...]:
    """The options that are first in enough of the draws; none where these are all that there are.

    Two that are told apart cannot both be first in more than half of the draws, so these are of one class.
    """
    found = tuple(int(at) for at in np.flatnonzero(standing.first >= robust))
    return found if len(found) < len(standing.first) else ()
