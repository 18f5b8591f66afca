"""Experiments that decide between the ways in which two sides may hold the same weights.

Both sides are given the same random weights. If their outputs agree, the alignment is right: weights are random, so
a wrong one cannot agree. If they do not, weights that are *even* hide what is not decided yet (they are the same
native array whichever way is right), and one link after the other is given weights that are not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from paragone.frameworks.base import Array
from paragone.prove.align.decisions import Decision
from paragone.prove.align.rig import EVEN, Rig, gap_of

Outputs = tuple[list[Array], list[Array]]
Bundle = tuple[int, ...]
Class = list[Bundle]

_SLACK = 30.0
_CLEAR = 0.5
"""In doubt, a choice is taken for another only if its response is this much nearer."""
_TRIED_IN_DOUBT = 24


@dataclass
class Found:
    """What came of the experiments.

    Args:
        agrees: whether the outputs agree with random weights everywhere.
        distance: how far apart they are.
        experiments: how many were done.
        open: links between whose choices the experiments could not decide.
    """

    agrees: bool
    distance: float
    experiments: int
    open: list[Decision]


class Search:
    """The search for one pair; it leaves its choices in the decisions.

    Args:
        rig: the two sides.
        guess: judge choices also where the models differ elsewhere.
    """

    def __init__(self, rig: Rig, *, guess: bool = True):
        self.rig = rig
        self.guess = guess
        self.decisions = rig.decisions
        self.limits = rig.limits
        self.limit = self.limits.exact

    def run(self) -> Found:
        """Decide everything that can be decided."""
        distance = self.rig.apart({})
        if distance <= self.limits.rounded:
            self._by_gradient()
            return self._found(distance, [])
        unsure = self._unsure()
        classes = self._classes()
        if not unsure and not classes:
            return self._found(distance, [])
        even = self.rig.apart(self._modes(unsure))
        fits = self._within(even)
        if classes and even > self.limits.rounded and self._fits_better(self.rig.apart(self._tied(classes, unsure))):
            fits = self._assign(classes, unsure)
        undecided = self._decided(unsure, fits=fits)
        return self._found(self.rig.apart({}), undecided)

    def _decided(self, unsure: Sequence[int], *, fits: bool) -> list[Decision]:
        """Choose how each link is held; gives those that could not be chosen."""
        if fits:
            return self._layouts(unsure)
        return self._by_response(unsure) if self.guess else []

    def _found(self, distance: float, undecided: list[Decision]) -> Found:
        agrees = distance <= max(self.limits.rounded, self.limit if self.limit > self.limits.exact else 0.0)
        return Found(agrees, distance, self.rig.done, [] if agrees else undecided)

    def _unsure(self) -> list[int]:
        return [index for index, decision in enumerate(self.decisions) if len(decision.choices) > 1]

    def _classes(self) -> list[Class]:
        """Bundles of links that could be exchanged, by their form; where there is no other bundle, links by theirs."""
        groups = self._by_form(self._bundles())
        alone = [(at,) for group in groups if len(group) == 1 for at in group[0]]
        return [group for group in (*groups, *self._by_form(sorted(alone))) if len(group) > 1]

    def _by_form(self, bundles: Sequence[Bundle]) -> list[Class]:
        groups: dict[Hashable, Class] = defaultdict(list)
        for bundle in bundles:
            forms = tuple((self.decisions[at].form, len(self.decisions[at].choices)) for at in bundle)
            groups[forms].append(bundle)
        return list(groups.values())

    def _bundles(self) -> list[Bundle]:
        """The links of a module go together where form and role tell them apart; else each is alone."""
        modules: dict[tuple[str, str], list[int]] = defaultdict(list)
        for index, decision in enumerate(self.decisions):
            modules[decision.bundle].append(index)
        found: list[Bundle] = []
        for members in modules.values():
            known = {(self.decisions[at].form, self.decisions[at].role) for at in members}
            order = sorted(members, key=lambda at: (self.decisions[at].role, str(self.decisions[at].form)))
            found += [tuple(order)] if len(known) == len(members) else [(at,) for at in members]
        return sorted(found)

    def _within(self, distance: float) -> bool:
        """Whether a distance is one that the models themselves may have; from then on others are held against it."""
        if distance > self.limits.near:
            return False
        self.limit = max(self.limit, _SLACK * distance if distance > self.limits.exact else self.limits.exact)
        return True

    def _fits_better(self, tied: float) -> bool:
        """Whether all is right but for which is which: a difference that seemed to be one of the models was of that."""
        if tied <= self.limits.rounded:
            self.limit = self.limits.exact
        elif self.limit > self.limits.exact:
            return False
        return self._within(tied)

    def _modes(self, unsure: Sequence[int]) -> dict[int, Hashable]:
        return {index: EVEN for index in unsure if not self.decisions[index].settled}

    # ------------------------------------------------------------------ which is which

    def _tied(self, classes: Sequence[Class], unsure: Sequence[int]) -> dict[int, Hashable]:
        """Bundles of one form have the same weights, so that it does not matter which is which."""
        modes = self._modes(unsure)
        for number, members in enumerate(classes):
            for bundle in members:
                modes |= _marked(bundle, number, 0)
        return modes

    def _assign(self, classes: Sequence[Class], unsure: Sequence[int]) -> bool:
        """Find the partner of each bundle in its class; True if every class came out."""
        for number, members in enumerate(classes):
            others = self._tied(classes, unsure)
            own = {at for bundle in members for at in bundle}
            apart = {at: mode for at, mode in others.items() if at not in own} | {
                at: mode for at, mode in self._modes(unsure).items() if at in own
            }
            if self.rig.apart(apart) > self.limit and not self._one_class(number, members, others):
                return False
        return self.rig.apart(self._modes(unsure)) <= self.limit

    def _one_class(self, number: int, members: Class, tied: Mapping[int, Hashable]) -> bool:
        return all(self._partner(bundle, members[at:], tied, number) for at, bundle in enumerate(members))

    def _partner(self, bundle: Bundle, free: Class, tied: Mapping[int, Hashable], number: int) -> bool:
        """Try the second side's parameters of each free bundle in the place of this one's."""
        for other in free:
            self._exchange(bundle, other)
            if self.rig.apart({**tied, **_marked(bundle, number, 1)}) <= self.limit:
                return True
            self._exchange(bundle, other)
            if self.rig.exhausted:
                return False
        return False

    def _exchange(self, one: Bundle, other: Bundle) -> None:
        for mine, theirs in zip(one, other, strict=True):
            a, b = self.decisions[mine], self.decisions[theirs]
            a.b, b.b = b.b, a.b

    def _by_gradient(self) -> None:
        """Where the outputs stay the same when parameters are exchanged, the gradients tell which is which."""
        equal = [members for members in self._classes() if self._parallel(members) and self._exchangeable(members)]
        if not equal:
            return
        apart = self.rig.gradients_apart()
        for members in equal:
            for one, other in combinations(members, 2):
                if apart <= self.limits.rounded or self.rig.exhausted:
                    return
                self._exchange(one, other)
                now = self.rig.gradients_apart() if self.rig.apart({}) <= self.limits.rounded else np.inf
                if now < apart:
                    apart = now
                else:
                    self._exchange(one, other)

    def _parallel(self, members: Class) -> bool:
        """Whether several of a class may take the same; layers one behind the other cannot be exchanged."""
        return sum(self.decisions[bundle[0]].link.a[0].beside != 1 for bundle in members) > 1

    def _exchangeable(self, members: Class) -> bool:
        """Whether the outputs agree as well when the partners of a class are moved on by one."""
        pairs = list(pairwise(members))
        for one, other in pairs:
            self._exchange(one, other)
        agrees = self.rig.apart({}) <= self.limits.rounded
        for one, other in reversed(pairs):
            self._exchange(one, other)
        return agrees

    # ------------------------------------------------------------------ how it is held

    def _layouts(self, unsure: Sequence[int]) -> list[Decision]:
        """Halve what is wrong until single links are left, and try the choices of those; twice."""
        for _ in range(2):
            self._halve([index for index in unsure if not self.decisions[index].settled])
            if self.rig.apart({}) <= self.limit:
                return []
        return [self.decisions[index] for index in unsure if not self.decisions[index].settled]

    def _halve(self, group: Sequence[int]) -> None:
        if not group or self.rig.exhausted:
            return
        if self.rig.apart(self._only(group)) <= self.limit:
            for index in group:
                self.decisions[index].settled = True
        elif len(group) == 1:
            self._try_choices(group[0])
        else:
            half = len(group) // 2
            self._halve(group[:half])
            self._halve(group[half:])

    def _only(self, generic: Sequence[int]) -> dict[int, Hashable]:
        """Generic weights in these links and in all that are settled, even ones in the others."""
        return {index: mode for index, mode in self._modes(self._unsure()).items() if index not in generic}

    def _try_choices(self, index: int) -> None:
        decision = self.decisions[index]
        before, best = decision.chosen, (self.limit, -1)
        for choice in self._ordered(decision):
            decision.chosen = choice
            best = min(best, (self.rig.apart(self._only([index])), choice))
            if (best[1] >= 0 and best[0] <= self.limits.exact) or self.rig.exhausted:
                break
        decision.settled = best[1] >= 0
        decision.chosen = best[1] if decision.settled else before

    def _ordered(self, decision: Decision) -> list[int]:
        """Choices whose words another settled link has come first."""
        words = {word for one in self.decisions if one.settled for word in one.words.split("; ") if word}
        liked = [
            i
            for i, choice in enumerate(decision.choices)
            if any(word in words for layout in choice for word in layout.words.split("; "))
        ]
        return [*liked, *(i for i in range(len(decision.choices)) if i not in liked)]

    # ------------------------------------------------------------------ beside a true difference

    def _by_response(self, unsure: Sequence[int]) -> list[Decision]:
        """Judge each choice by how alike the sides respond to it; the models differ elsewhere."""
        undecided = []
        for index in unsure:
            decision, scores = self.decisions[index], self._scores(index, unsure)
            decision.chosen = _clearly_best(scores)
            rivals = [score for choice, score in scores.items() if choice != decision.chosen]
            decision.settled = bool(rivals) and scores[decision.chosen] < _CLEAR * min(rivals)
            if not decision.settled and not decision.natural:
                undecided.append(decision)
        return undecided

    def _scores(self, index: int, unsure: Sequence[int]) -> dict[int, float]:
        """How unlike the sides respond to a decision's weights, under each of its first choices."""
        decision = self.decisions[index]
        scores: dict[int, float] = {}
        base = self.rig.run(self._modes(unsure))
        for choice in range(min(len(decision.choices), _TRIED_IN_DOUBT)):
            if self.rig.exhausted:
                break
            decision.chosen = choice
            scores[choice] = self._response(base, self.rig.run(self._only([index])))
        decision.chosen = 0
        return scores

    def _response(self, before: Outputs, after: Outputs) -> float:
        """How unlike the two sides' changes are, from 0."""
        worst = 0.0
        form = self.rig.forms[0]
        for (a, b), (a_now, b_now) in zip(self.rig.paired(*before, form), self.rig.paired(*after, form), strict=True):
            worst = max(worst, gap_of(a_now - a, b_now - b))
        return worst


def _marked(bundle: Bundle, number: int, mark: int) -> dict[int, Hashable]:
    """Weights that a whole class shares, or those of one bundle that stands out; each of a bundle its own."""
    return {at: (number, mark, place) for place, at in enumerate(bundle)}


def _clearly_best(scores: Mapping[int, float]) -> int:
    """The choice with the least score, if it is far less than that of the first; else the first."""
    best = min(scores, key=lambda choice: scores[choice], default=0)
    return best if best and scores[best] < _CLEAR * scores[0] else 0
