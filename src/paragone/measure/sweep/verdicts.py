"""What the sets of a sweep say together: curves, lines, ratios at every size, and where the lead changes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from paragone.measure import words as of_ratios
from paragone.measure.sets import Contender
from paragone.measure.statistics import Certainty, Pairing, compare, summarise, undisturbed_s, withhold
from paragone.measure.sweep import words
from paragone.measure.sweep.crossing import crossings
from paragone.measure.sweep.fit import fitted
from paragone.measure.sweep.sets import SweptSet
from paragone.records import Growth, Ratio, SizeRatio, Sweep, SweepPlan, SweptPair, SweptProcess, SweptSize

Failed = Mapping[int, Mapping[str, str]]


def told(
    contenders: Sequence[Contender], plan: SweepPlan, sets: Sequence[SweptSet], failed: Failed, *, line: bool
) -> Sweep:
    """Bring the sets together.

    Args:
        contenders: who took part.
        plan: how it was done.
        sets: what was measured.
        failed: who failed at which size, and why; it has no time there.
        line: whether a line through the times means anything on this axis.
    """
    self_test = tuple(_self_tests(plan, sets, contenders))
    trusted = all(one.ratio.verdict == "tie" for one in self_test)
    growth = tuple(_growth(one, plan, sets, failed, line=line) for one in contenders)
    pairs = tuple(_pairs(growth, plan, trusted=trusted))
    return Sweep(
        plan=plan,
        growth=growth,
        pairs=pairs,
        self_test=self_test,
        trusted=trusted,
        notes=tuple(_notes(plan, sets, self_test)),
    )


def _growth(one: Contender, plan: SweepPlan, sets: Sequence[SweptSet], failed: Failed, *, line: bool) -> Growth:
    sizes = tuple(_size(one, size, sets, failed) for size in plan.sizes)
    timed = [size for size in sizes if size.step_s is not None]
    rows = list(zip(*(_step_s(size) for size in timed), strict=True))
    through = fitted([size.size for size in timed], rows) if line else None
    if through is not None:
        through = through.model_copy(update={"sentence": words.of_line(through, plan.counted)})
    found = Growth(side=one.side, track=one.track, sizes=sizes, line=through)
    return found.model_copy(update={"sentence": words.of_growth(found, plan)})


def _size(one: Contender, size: int, sets: Sequence[SweptSet], failed: Failed) -> SweptSize:
    """All processes of a contender at one size; without a time where it failed in any set."""
    processes = tuple(process for of_set in sets for process in of_set.processes[size].get(one.name, ()))
    why = failed.get(size, {}).get(one.name, "")
    if why or not processes:
        return SweptSize(size=size, why=why or "never timed", processes=processes)
    found = SweptSize(size=size, processes=processes)
    return found.model_copy(update={"step_s": summarise(_step_s(found))})


def _step_s(size: SweptSize) -> list[float]:
    """Seconds a step, one value a set; the second processes are for the instrument's own test."""
    return [undisturbed_s(one.block_step_s) for one in size.processes if not one.twin]


def _pairs(growth: Sequence[Growth], plan: SweepPlan, *, trusted: bool) -> Iterator[SweptPair]:
    """All pairs of each track; the pairs and the sizes of one track are one family."""
    for track in dict.fromkeys(one.track for one in growth):
        pairs = list(combinations([one for one in growth if one.track == track], 2))
        for a, b in pairs if plan.sets > 1 else ():
            ratios = tuple(_ratios(a, b, plan, len(pairs), trusted=trusted))
            found = SweptPair(a=a.side, b=b.side, track=track, ratios=ratios, crossings=crossings(ratios))
            yield found.model_copy(update={"sentence": words.of_pair(found, plan)})


def _ratios(a: Growth, b: Growth, plan: SweepPlan, pairs: int, *, trusted: bool) -> Iterator[SizeRatio]:
    certainty = Certainty(plan.level, pairs * len(plan.sizes))
    for one, other in zip(a.sizes, b.sizes, strict=True):
        if one.step_s is None or other.step_s is None:
            continue
        logs = [math.log(x / y) for x, y in zip(_step_s(one), _step_s(other), strict=True)]
        pairing = Pairing(a.side, b.side, a.track, _quantity(plan, one.size))
        ratio = compare(pairing, logs, certainty, matters=plan.matters)
        yield SizeRatio(size=one.size, ratio=ratio if trusted else withhold(ratio, of_ratios.FAILED_ITSELF))


def _quantity(plan: SweepPlan, size: int) -> str:
    return f"step at {words.size_of(plan, size)}"


def _self_tests(plan: SweepPlan, sets: Sequence[SweptSet], contenders: Sequence[Contender]) -> Iterator[SizeRatio]:
    """At each size a contender's process against another one of it, over the sets; all sizes are one family."""
    certainty = Certainty(plan.level, len(plan.sizes))
    sides = ", ".join(dict.fromkeys(one.side for one in contenders))
    for size in plan.sizes:
        twins = [two for of_set in sets for two in of_set.processes[size].values() if len(two) > 1]
        logs = [_first_over_second(two) for two in twins]
        if len(logs) > 1:
            test = compare(Pairing(sides, sides, "self-test", _quantity(plan, size)), logs, certainty)
            yield SizeRatio(size=size, ratio=_said(test))


def _said(test: Ratio) -> Ratio:
    return test.model_copy(update={"sentence": of_ratios.of_self_test(test)})


def _first_over_second(two: Sequence[SweptProcess]) -> float:
    first, second = sorted(two, key=lambda one: not one.first)
    return math.log(undisturbed_s(first.block_step_s) / undisturbed_s(second.block_step_s))


def _notes(plan: SweepPlan, sets: Sequence[SweptSet], self_test: Sequence[SizeRatio]) -> Iterator[str]:
    yield words.of_budget(plan)
    for one in self_test:
        if one.ratio.verdict != "tie":
            yield f"the instrument failed its own test, so nobody is said to be ahead: {one.ratio.sentence}"
    loads = [(one.set, one.load_before, one.other_cores) for one in sets]
    yield from of_ratios.of_load(loads, plan.parent_cpu_share)
