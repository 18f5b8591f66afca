"""What the sets say together: how long each contender takes, who is ahead, and whether to trust the instrument."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations

from paragone.measure import words
from paragone.measure.sets import Contender, SetRecord
from paragone.measure.statistics import Pairing, compare, summarise, undisturbed_s, withhold
from paragone.records import ContenderSet, ContenderTiming, Memory, Phases, Ratio, TimingPlan, Timings

STEP = "step"
COLD_START = "cold start"
PEAK_MEMORY = "peak memory"
ACCOUNT_TOLERANCE = 0.01
STRANGERS_CORES = 0.1


def cold_start_s(phases: Phases) -> float:
    """Seconds from the spawn of the process to the end of its first training step."""
    return phases.start + phases.import_ + phases.build + phases.compile + phases.first_step


_QUANTITIES: dict[str, Callable[[ContenderSet], float]] = {
    STEP: lambda one: undisturbed_s(one.block_step_s),
    COLD_START: lambda one: cold_start_s(one.phases_s),
    PEAK_MEMORY: lambda one: one.memory_bytes.peak,
}


def timings(contenders: Sequence[Contender], plan: TimingPlan, sets: Sequence[SetRecord]) -> Timings:
    """Bring the sets together.

    A quantity whose test of the instrument against itself fails is withheld: its ratios keep their figures and lose
    their verdicts.
    """
    failed = {name: reason for one in sets for name, reason in one.failed.items()}
    able = [contender for contender in contenders if contender.name not in failed]
    self_test = _self_tests(able, sets, plan.level)
    broken = {test.quantity for test in self_test if test.verdict != "tie"}
    ratios = [ratio for quantity in _QUANTITIES for ratio in _ratios(able, sets, quantity, plan.level)]
    timed = [_timing(contender, failed.get(contender.name, ""), sets) for contender in contenders]
    return Timings(
        plan=plan,
        contenders=tuple(timed),
        ratios=tuple(withhold(ratio) if ratio.quantity in broken else ratio for ratio in ratios),
        self_test=self_test,
        trusted=not broken,
        notes=(*_notes_on_trust(self_test), *_notes_on_accounts(timed), *_notes_on_load(plan, sets)),
    )


def _ratios(able: Sequence[Contender], sets: Sequence[SetRecord], quantity: str, level: float) -> Iterable[Ratio]:
    """All pairs of each track; the pairs of one track and quantity are one family."""
    if len(sets) < 2:
        return
    for track in dict.fromkeys(contender.track for contender in able):
        pairs = list(combinations([contender for contender in able if contender.track == track], 2))
        for a, b in pairs:
            logs = [_log_ratio(quantity, one.contenders[a.name], one.contenders[b.name]) for one in sets]
            yield compare(Pairing(a.side, b.side, track, quantity), logs, level=level, family=len(pairs))


def _log_ratio(quantity: str, a: ContenderSet, b: ContenderSet) -> float:
    figure = _QUANTITIES[quantity]
    return math.log(figure(a) / figure(b))


def _self_tests(able: Sequence[Contender], sets: Sequence[SetRecord], level: float) -> tuple[Ratio, ...]:
    """Each quantity of a contender's process against a later process of the same contender, over the sets.

    Named by the order of their start the two can come out different, if the instrument favours one; the sets
    themselves start everybody in random order. Each quantity stands and falls with its own test.
    """
    sides = {contender.name: contender.side for contender in able}
    doubled = [one for one in sets if one.twin_of in sides]
    twins = [_by_start(one.contenders[one.twin_of], one.twin, one.twin_first) for one in doubled if one.twin]
    if len(twins) < 2:
        return ()
    tested = ", ".join(dict.fromkeys(sides[one.twin_of] for one in doubled))
    tests = []
    for quantity in _QUANTITIES:
        logs = [_log_ratio(quantity, first, second) for first, second in twins]
        pairing = Pairing(tested, tested, "self-test", quantity)
        test = compare(pairing, logs, level=level)
        tests.append(test.model_copy(update={"sentence": words.of_self_test(test)}))
    return tuple(tests)


def _by_start(one: ContenderSet, twin: ContenderSet, twin_first: bool) -> tuple[ContenderSet, ContenderSet]:
    return (twin, one) if twin_first else (one, twin)


def _timing(contender: Contender, why: str, sets: Sequence[SetRecord]) -> ContenderTiming:
    mine = [one.contenders[contender.name] for one in sets if contender.name in one.contenders]
    if why or not mine:
        return ContenderTiming(
            side=contender.side, track=contender.track, status="failed", why=why or "never timed", sets=tuple(mine)
        )
    return ContenderTiming(
        side=contender.side,
        track=contender.track,
        phases_s=_typical_phases([one.phases_s for one in mine]),
        step_s=summarise([undisturbed_s(one.block_step_s) for one in mine]),
        memory_bytes=_typical_memory([one.memory_bytes for one in mine]),
        sets=tuple(mine),
    )


def _typical_phases(phases: Sequence[Phases]) -> Phases:
    rows = [one.model_dump() for one in phases]
    return Phases(**{name: statistics.median(row[name] for row in rows) for name in rows[0]})


def _typical_memory(memory: Sequence[Memory]) -> Memory:
    rows = [one.model_dump() for one in memory]
    return Memory(**{name: round(statistics.median(row[name] for row in rows)) for name in rows[0]})


def _notes_on_trust(self_test: Sequence[Ratio]) -> list[str]:
    return [
        f"the instrument failed its own test, so no ranking by {test.quantity} is given: {test.sentence}"
        for test in self_test
        if test.verdict != "tie"
    ]


def _notes_on_accounts(timed: Sequence[ContenderTiming]) -> Iterable[str]:
    """Phases and steady steps must account for the process's time."""
    for contender in timed:
        shares = [(cold_start_s(one.phases_s) + one.steady_s) / one.accounted_s for one in contender.sets]
        worst = max(shares, key=lambda share: abs(share - 1), default=1.0)
        if abs(worst - 1) > ACCOUNT_TOLERANCE:
            yield (
                f"the phases and steps of {contender.side} ({contender.track}) account for "
                f"{worst * 100:.1f} % of its process's time"
            )


def _notes_on_load(plan: TimingPlan, sets: Sequence[SetRecord]) -> Iterable[str]:
    loads = [one.load_before for one in sets]
    yield f"load average of the machine before the {plan.sets} sets: {min(loads):.2f} to {max(loads):.2f}"
    yield f"the parent used {words.percent(plan.parent_cpu_share or 0.0)} of a core while contenders were timed"
    busy = [one.set + 1 for one in sets if one.other_cores > STRANGERS_CORES]
    if busy:
        listed = ", ".join(str(number) for number in busy)
        most = max(one.other_cores for one in sets)
        yield f"other programs kept up to {most:.1f} cores busy while contenders were timed (sets: {listed})"
