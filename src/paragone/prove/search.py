"""Which of the suspected traits separate the sides: shown by taking them out, all together and one by one.

All interventions together are tried first. Then each suspected trait alone is put back: it is a cause if it alone
makes a rung fail that holds without it. So no cause can hide behind another. A trait of the model is judged on the
forward pass; where that does not tell, on the ladder up to one step; and only where that does not tell either, on the
whole trajectory.

Two things can be in the way. Something unknown may keep a rung failing, however much is taken out: then a suspect is
judged by how far it moves its own side, and by the layers that come before the unknown. And several suspects may do
together what none of them does alone: then the smallest such set is looked for.
"""

from __future__ import annotations

import math
from collections import ChainMap
from collections.abc import Iterable, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from paragone.distance import gap
from paragone.errors import ParagoneError
from paragone.optimizers import first_step_of
from paragone.prove.group import Group
from paragone.prove.hypotheses import Intervention
from paragone.prove.laboratory import Experiment
from paragone.prove.ladder import Trace, rungs, standing_in
from paragone.prove.scope import RUNGS, Climbed
from paragone.prove.stages import ONE_STEP, WHOLE, Stage, stages_of
from paragone.prove.tolerances import COLLAPSE, TOLERANCES
from paragone.records import Explains, Rung
from paragone.trials import Trial

Array = np.ndarray[Any, Any]
SMALLEST = float(np.finfo(np.float64).eps)
"""What no distance is told from zero by; keeps factors finite."""
_ROUNDS = 3
"""How often suspects that only do harm may be dropped before all others are taken out again."""
_PER_STEP = ("curve", "rates")
"""What a trace has of every step: a probe has less of it."""


@dataclass(frozen=True)
class Found:
    """A suspect that was put back alone: what it does.

    Args:
        intervention: the suspect.
        alone: the whole ladder with it alone; None where the first step told.
        explains: the rung that it makes fail.
    """

    intervention: Intervention
    alone: Trace | None
    explains: Explains


class Search:
    """The search for causes in a group of sides.

    Args:
        group: the sides, as they are written.
        suspects: traits that differ; those that turn out to be read wrongly are dropped.
    """

    def __init__(self, group: Group, suspects: Sequence[Intervention]):
        self.group = group
        self.suspects = list(suspects)
        self._probes: dict[tuple[str, frozenset[int], Stage], Trace] = {}
        self._clean = True
        self._climbed = [name for name in RUNGS if name in group.scope.climbed]
        self._stages = stages_of(self._climbed)

    def find(self) -> list[Found]:
        """The causes, by the rung at which each is seen first."""
        self._take_out()
        found = {id(one): one for one in self._alone()}
        if self.suspects and self._clean:
            found |= {id(one): one for one in self._together(list(found.values()))}
        rank = {name: i for i, name in enumerate(RUNGS)}
        return sorted(found.values(), key=lambda one: rank[one.explains.rung])  # type: ignore[index]

    # ------------------------------------------------------------------ all of them

    def _take_out(self) -> None:
        """Trace every side with all of its interventions; suspects that break a side, or do only harm, are dropped."""
        self.group.corrected = dict(self.group.traces)
        for _ in range(_ROUNDS):
            if not self.suspects or self._corrected():
                break
        else:
            self.suspects = [one for one in self.suspects if not one.of_model]
            self._corrected()

    def _corrected(self) -> bool:
        """Whether the ladder with all interventions stands; else the suspects at fault are dropped."""
        group = self.group
        sides = [subject.name for subject in group.subjects if any(one.side == subject.name for one in self.suspects)]
        wanted = {
            (name, dtype): group.tracing(name, dtype, self.suspects) for name in sides for dtype in group.scope.dtypes
        }
        done = group.lab.all(wanted)
        broken = {name for (name, _), result in done.items() if isinstance(result, ParagoneError)}
        if broken:
            self._drop([one for one in self.suspects if one.side in broken and self._breaks(one)], broken)
            return False
        group.corrected = dict(group.traces) | {
            key: group.traced(key[0], trial) for key, trial in done.items() if isinstance(trial, Trial)
        }
        self._clean = self._nothing_left()
        harmful = [] if self._clean else self._harmful()
        self._drop(harmful, set())
        return not harmful

    def _drop(self, ones: Sequence[Intervention], sides: set[str]) -> None:
        """Suspects that cannot be judged; all of a side's model where none of them alone is at fault."""
        bad = {id(one) for one in ones}
        if sides and not bad:
            bad = {id(one) for one in self.suspects if one.side in sides and one.of_model} or {
                id(one) for one in self.suspects if one.side in sides
            }
        self.suspects = [one for one in self.suspects if id(one) not in bad]
        self._probes.clear()

    def _breaks(self, one: Intervention) -> bool:
        result = self.group.lab.all({0: self.group.probing(one.side, [one])})[0]
        return isinstance(result, ParagoneError)

    def _nothing_left(self) -> bool:
        """Whether nothing is left when all suspects are taken out."""
        first, *others = [subject.name for subject in self.group.subjects]
        return all(
            rung.verdict != "different"
            for other in others
            for rung in self._rungs(self.group.corrected[first, self.group.deciding], first, other)
        )

    def _harmful(self) -> list[Intervention]:
        """Suspects of the model without which the layers agree for longer: they were read wrongly."""
        ones = [one for one in self.suspects if one.of_model]
        own = {(subject.name, self._but(), WHOLE) for subject in self.group.subjects}
        self._probe({(one.side, self._but(one), WHOLE) for one in ones} | own)
        return [one for one in ones if self._agreement(one.side, one) > self._agreement(one.side)]

    def _agreement(self, side: str, *back: Intervention) -> float:
        """How many layers, from the first on, give the same as on another side, with these suspects put back."""
        here = self._probes.get((side, self._but(*back), WHOLE))
        order = [row["name"] for row in self.group.subject(side).said["layers"]]
        counts = [0.0]
        for other in (subject.name for subject in self.group.subjects if subject.name != side):
            there = self._probes.get((other, self._but(), WHOLE))
            if here is not None and there is not None:
                counts.append(_agreeing(here, there, order))
        return max(counts)

    # ------------------------------------------------------------------ each by itself

    def _alone(self) -> list[Found]:
        """Each suspect put back alone: those of the model first up to one step, the others all the way."""
        early: dict[int, Found] = {}
        models = [one for one in self.suspects if one.of_model]
        for stage in self._stages:
            left = [one for one in models if id(one) not in early]
            self._probe({(one.side, self._but(one), self._narrowed(stage, [one])) for one in left})
            if self._clean or stage is self._stages[-1]:
                early |= {id(one): found for one in left if (found := self._early(one)) is not None}
        rest = [one for one in self.suspects if id(one) not in early and self._may_show_later(one)]
        return [*early.values(), *self._late(rest)]

    def _early(self, one: Intervention) -> Found | None:
        alone = self._up_to_one_step(one)
        if alone is None:
            return None
        explains = self._explains(one, alone, self._without(one.side), [n for n in ONE_STEP if n in self._climbed])
        return Found(one, None, explains) if explains else None

    def _may_show_later(self, one: Intervention) -> bool:
        """Whether a whole trajectory could tell what one step did not; in one step a momentum is not used yet."""
        if not one.of_model:
            return self._goes_on or first_step_of(one.trait.name) == 1
        return self._goes_on and not self._idle(one)

    def _can_show(self, one: Intervention) -> bool:
        return one.of_model or self._may_show_later(one)

    @property
    def _goes_on(self) -> bool:
        """Whether any rung is beyond one step."""
        return any(name not in ONE_STEP for name in self._climbed)

    def _late(self, ones: Sequence[Intervention]) -> list[Found]:
        group = self.group
        wanted = {id(one): self._tracing_late(one) for one in ones}
        done = group.lab.all(wanted)
        found = []
        for one in ones:
            trial = done[id(one)]
            if isinstance(trial, Trial):
                alone = self._with_what_stands(group.traced(one.side, trial), [one])
                explains = self._explains(one, alone, self._without(one.side), self._climbed)
                found += [Found(one, alone, explains)] if explains else []
        return found

    def _tracing_late(self, *ones: Intervention) -> Experiment:
        """The ladder without the rungs that none of these suspects can show on."""
        side = ones[0].side
        names = [name for name in self._climbed if self.group.shown_on(name, ones)]
        return self.group.tracing(side, self.group.deciding, self._others(ones), names)

    def _idle(self, one: Intervention) -> bool:
        """Whether a trait of the model changes nothing up to one step; all such are put back together once."""
        alone, without = self._up_to_one_step(one), self._without(one.side)
        if alone is None:
            return True  # it could not be put back
        arrays = {key: array for key, array in alone.arrays.items() if key not in _PER_STEP}
        return all(np.array_equal(array, without.arrays[key], equal_nan=True) for key, array in arrays.items())

    def _explains(
        self, one: Intervention, alone: Trace, without: Trace, names: Sequence[Climbed], together: str = ""
    ) -> Explains | None:
        """The first rung that fails with this trait, and holds without it, against any other corrected side.

        Where a rung fails in any case, it is compared with its own side without the trait.
        """
        for other in (subject.name for subject in self.group.subjects if subject.name != one.side):
            partner = self._without(other)
            for name in names:
                present = self._rung(name, alone, partner, one.side, other)
                if present.verdict == "different":
                    absent = self._rung(name, without, partner, one.side, other)
                    if _collapses(present, absent):
                        return _explained(name, present, absent, together)
        if self._clean:
            return None
        own = ((name, self._rung(name, alone, without, one.side, one.side)) for name in names)
        return next((_moves(one.side, name, rung) for name, rung in own if rung.verdict == "different"), None)

    def _without(self, side: str) -> Trace:
        """A side with all suspects taken out."""
        return self.group.corrected[side, self.group.deciding]

    # ------------------------------------------------------------------ several together

    def _together(self, found: Sequence[Found]) -> list[Found]:
        """What the causes that were found do not explain: the smallest set of others that does it together."""
        known = {id(one.intervention) for one in found}
        results = []
        for side in (subject.name for subject in self.group.subjects):
            rest = [one for one in self.suspects if one.side == side and id(one) not in known and self._can_show(one)]
            untold = self._goes_on and any(one.of_model and self._idle(one) for one in rest)
            if (len(rest) > 1 or untold) and self._fails(rest) is not None:
                results += self._smallest(rest)
        return results

    def _smallest(self, ones: list[Intervention]) -> list[Found]:
        """Leave out one after the other as long as the rest still fails."""
        for one in list(ones):
            fewer = [other for other in ones if other is not one]
            if fewer and self._fails(fewer) is not None:
                ones = fewer
        explains = self._fails(ones)
        assert explains is not None
        return [Found(one, None, explains) for one in ones]

    def _fails(self, ones: Sequence[Intervention]) -> Explains | None:
        """What these suspects do when only they are put back: those of the model up to one step, then all the way."""
        side, explains = ones[0].side, None
        if all(one.of_model for one in ones):
            for stage in self._stages:
                self._probe({(side, self._but(*ones), self._narrowed(stage, ones))})
                if self._clean or stage is self._stages[-1]:
                    explains = self._told(ones, self._up_to_one_step(*ones))
                if explains is not None:
                    return explains
            if not self._goes_on:
                return None
        result = self.group.lab.all({0: self._tracing_late(*ones)})[0]
        if not isinstance(result, Trial):
            return None
        return self._told(ones, self._with_what_stands(self.group.traced(side, result), ones))

    def _told(self, ones: Sequence[Intervention], alone: Trace | None) -> Explains | None:
        if alone is None:
            return None
        names = ", ".join(sorted({f"{one.trait.where} {one.trait.name}" for one in ones}))
        together = f"only together ({names}): " if len(ones) > 1 else ""
        return self._explains(ones[0], alone, self._without(ones[0].side), self._climbed, together)

    # ------------------------------------------------------------------ probes

    def _but(self, *ones: Intervention) -> frozenset[int]:
        """All suspects but these."""
        return frozenset(id(one) for one in self.suspects) - {id(one) for one in ones}

    def _others(self, ones: Iterable[Intervention]) -> list[Intervention]:
        left = {id(one) for one in ones}
        return [one for one in self.suspects if id(one) not in left]

    def _narrowed(self, stage: Stage, ones: Sequence[Intervention]) -> Stage:
        """What of a stage these suspects can show on."""
        return replace(stage, rungs=tuple(name for name in stage.rungs if self.group.shown_on(name, ones)))

    def _probe(self, wanted: Iterable[tuple[str, frozenset[int], Stage]]) -> None:
        """Climb stages of sides with these interventions; a side that cannot keeps no probe."""
        asked = {
            (side, kept, stage): self.group.probing(
                side, [one for one in self.suspects if id(one) in kept], stage.rungs, stage.left_out
            )
            for side, kept, stage in wanted
            if (stage.rungs or stage.whole) and (side, kept, stage) not in self._probes
        }
        for key, result in self.group.lab.all(asked).items():
            if isinstance(result, Trial):
                self._probes[key] = self.group.traced(key[0], result)

    def _up_to_one_step(self, *ones: Intervention) -> Trace | None:
        """What the probes of the stages gave so far with these put back, as one trace; None where none could be."""
        side, kept = ones[0].side, self._but(*ones)
        keys = [(side, kept, self._narrowed(stage, ones)) for stage in self._stages]
        found = [self._probes[key] for key in keys if key in self._probes]
        both = [cast(MutableMapping[str, Array], one.arrays) for one in found]
        return self._with_what_stands(replace(found[0], arrays=ChainMap(*both)), ones) if found else None

    def _with_what_stands(self, trace: Trace, ones: Sequence[Intervention]) -> Trace:
        """With what these suspects cannot change: it is what the side gives without them."""
        names = [name for name in ONE_STEP if name in self._climbed and not self.group.shown_on(name, ones)]
        return standing_in(trace, self._without(ones[0].side), names)

    def _rungs(self, trace: Trace, side: str, other: str) -> list[Rung]:
        return [self._rung(name, trace, self._without(other), side, other) for name in self._climbed]

    def _rung(self, name: Climbed, a: Trace, b: Trace, side: str, other: str) -> Rung:
        group, dtype = self.group, self.group.deciding
        given = b, dtype, group.common_floors(dtype, self.suspects), group.gauge(side, other)
        return rungs(a, *given, names=[name], trusting=group.trusting, updates=group.updates)[0]


def _collapses(present: Rung, absent: Rung) -> bool:
    if absent.verdict == "same":
        return True
    return (present.max_rel or 0.0) > COLLAPSE * (absent.max_rel or 0.0)


def _explained(name: str, present: Rung, absent: Rung, together: str) -> Explains:
    before, after = present.max_rel or 0.0, absent.max_rel or 0.0
    factor = before / max(after, SMALLEST)
    text = f"{together}with this difference alone the rung '{name}' is {before:.2g} apart, without it {after:.2g}"
    return _record(name, before, after, factor, text)


def _moves(side: str, name: str, rung: Rung) -> Explains:
    before = rung.max_rel or 0.0
    text = (
        f"the sides are apart for another reason as well; this difference alone moves {side} by {before:.2g} on the "
        f"rung '{name}', and taking it out takes all of that away"
    )
    return _record(name, before, 0.0, before / SMALLEST, text)


def _record(name: str, before: float, after: float, factor: float, text: str) -> Explains:
    finite = min(factor, float(np.finfo(np.float64).max))
    return Explains(rung=name, dtype="float64", present=before, removed=after, factor=finite, text=text)


def _agreeing(here: Trace, there: Trace, order: Sequence[Any]) -> float:
    """How many layers with weights give the same, from the first on."""
    for count, name in enumerate(name for name in order if f"layers/{name}" in here.arrays):
        a, b = here.arrays[f"layers/{name}"], there.arrays.get(f"layers/{name}")
        if b is None or a.shape != b.shape or gap(a, b).max_rel > TOLERANCES["forward"]:
            return count
    return math.inf
