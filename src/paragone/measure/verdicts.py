"""What the sets say together: how long each contender takes, who is ahead, and whether to trust the instrument."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from paragone.measure import words
from paragone.measure.break_even import told
from paragone.measure.looks import Looks
from paragone.measure.qualities import qualities
from paragone.measure.quantities import quantities
from paragone.measure.quantities.cold_start import cold_start_s
from paragone.measure.quantities.epoch import epoch_s, pipeline_s, pipeline_share
from paragone.measure.quantities.latency import latency_s
from paragone.measure.quantities.step import step_s
from paragone.measure.quantities.throughput import best_batch, sample_s
from paragone.measure.sets import Contender, SetRecord
from paragone.measure.share import share, yardstick
from paragone.measure.statistics import (
    LEVEL,
    MATTERS,
    Certainty,
    Pairing,
    compare,
    mean_interval,
    summarise,
    withhold,
)
from paragone.measure.steadiness import moved_too_far, steadiness
from paragone.records import (
    BreakEven,
    ContenderSet,
    ContenderTiming,
    Memory,
    Phases,
    Quality,
    Ratio,
    Steadiness,
    TimingPlan,
    Timings,
)

STEP, COLD_START, QUALITY = "step", "cold start", "time to quality"
ACCOUNT_TOLERANCE = 0.01


def timings(contenders: Sequence[Contender], plan: TimingPlan, sets: Sequence[SetRecord]) -> Timings:
    """Bring the sets together.

    A quantity whose test of the instrument against itself fails is withheld: its ratios keep their figures and lose
    their verdicts.
    """
    failed = {name: reason for one in sets for name, reason in one.failed.items()}
    able = [contender for contender in contenders if contender.name not in failed]
    look = _look(plan, len(sets))
    self_test = _self_tests(able, sets, look)
    broken = {test.quantity for test in self_test if test.verdict != "tie"}
    ratios = [ratio for quantity in quantities() for ratio in ratios_of(quantity, able, sets, look)]
    steady = {contender.name: _steadiness(contender, sets, look, len(able)) for contender in able}
    ratios = [_settled(ratio, steady) if ratio.quantity == STEP else ratio for ratio in ratios]
    timed = [
        _timing(one, failed.get(one.name, ""), sets, steady.get(one.name), qualities(one, sets, plan.until))
        for one in contenders
    ]
    return Timings(
        plan=plan,
        contenders=tuple(timed),
        ratios=tuple(withhold(ratio, words.FAILED_ITSELF) if ratio.quantity in broken else ratio for ratio in ratios),
        self_test=self_test,
        break_even=() if broken & {STEP, COLD_START} else tuple(_break_evens(able, sets, look)),
        yardstick=yardstick(sets),
        trusted=not broken,
        notes=(
            *_notes_on_trust(self_test),
            *_notes_on_steadiness(timed),
            *_notes_on_accounts(timed),
            *_notes_beyond(sets),
            *words.of_load([(one.set, one.load_before, one.other_cores) for one in sets], plan.parent_cpu_share or 0.0),
        ),
    )


@dataclass(frozen=True)
class Look:
    """One look at the ratios.

    Args:
        level: confidence of all looks and all pairs of a quantity together.
        share: of the error rate, what this look may spend.
        matters: the smallest difference that matters.
    """

    level: float = LEVEL
    share: float = 1.0
    matters: float = MATTERS

    def certainty(self, family: int = 1) -> Certainty:
        """How sure the interval of each of so many pairs must be."""
        return Certainty(self.level, family, self.share)


def _look(plan: TimingPlan, sets: int) -> Look:
    """The last look, after so many sets."""
    share = Looks(plan.looks).share(sets) if plan.looks else 1.0
    return Look(plan.level, share, MATTERS if plan.matters is None else plan.matters)


def ratios_of(quantity: str, able: Sequence[Contender], sets: Sequence[SetRecord], look: Look) -> Iterable[Ratio]:
    """All pairs of each track; the pairs of one track and quantity are one family.

    Args:
        quantity: what is compared.
        able: contenders that took part in every set.
        sets: all finished sets.
        look: how sure the intervals must be.
    """
    if len(sets) < 2:
        return
    for track, pairs in _families(able).items():
        for a, b in pairs:
            logs = _logs(quantity, a, b, sets)
            if logs is None:
                continue
            pairing = Pairing(a.side, b.side, track, quantity, quantities()[quantity].is_size)
            yield compare(pairing, logs, look.certainty(len(pairs)), matters=look.matters)


def _families(able: Sequence[Contender]) -> dict[str, list[tuple[Contender, Contender]]]:
    """All pairs, by track."""
    tracks = dict.fromkeys(contender.track for contender in able)
    return {track: list(combinations([one for one in able if one.track == track], 2)) for track in tracks}


def largest_family(able: Sequence[Contender]) -> int:
    """How many pairs are judged at once in the track that has most; at least one."""
    return max((len(pairs) for pairs in _families(able).values()), default=1) or 1


def log_ratios_so_far(quantity: str, able: Sequence[Contender], sets: Sequence[SetRecord]) -> list[list[float]]:
    """One row a pair, and one of the twins: all that says how much a set's log-ratio is spread."""
    pairs = [pair for family in _families(able).values() for pair in family]
    found = [_logs(quantity, a, b, sets) for a, b in pairs]
    return [*(logs for logs in found if logs is not None), twin_log_ratios(quantity, able, sets)]


def _logs(quantity: str, a: Contender, b: Contender, sets: Sequence[SetRecord]) -> list[float] | None:
    """One log-ratio a set; None where one of the two was not measured in every set."""
    logs = [_log_ratio(quantity, one.contenders[a.name], one.contenders[b.name]) for one in sets]
    found = [log for log in logs if log is not None]
    return found if len(found) == len(logs) else None


def _log_ratio(quantity: str, a: ContenderSet, b: ContenderSet) -> float | None:
    read = quantities()[quantity].read
    first, second = read(a), read(b)
    return None if first is None or second is None else math.log(first / second)


def _self_tests(able: Sequence[Contender], sets: Sequence[SetRecord], look: Look) -> tuple[Ratio, ...]:
    """Each quantity of a contender's process against a later process of the same contender, over the sets.

    Named by the order of their start the two can come out different, if the instrument favours one; the sets
    themselves start everybody in random order. Each quantity stands and falls with its own test.
    """
    sides = {contender.name: contender.side for contender in able}
    tested = ", ".join(dict.fromkeys(sides[one.twin_of] for one in sets if one.twin_of in sides))
    tests = []
    for quantity in quantities():
        logs = twin_log_ratios(quantity, able, sets)
        if len(logs) < 2:
            continue
        pairing = Pairing(tested, tested, "self-test", quantity, quantities()[quantity].is_size)
        test = compare(pairing, logs, look.certainty(), matters=look.matters)
        tests.append(test.model_copy(update={"sentence": words.of_self_test(test)}))
    return tuple(tests)


def twin_log_ratios(quantity: str, able: Sequence[Contender], sets: Sequence[SetRecord]) -> list[float]:
    """Log-ratio of the contender that had two processes, the first that was started over the second, one a set."""
    names = {contender.name for contender in able}
    doubled = [one for one in sets if one.twin_of in names]
    twins = [_by_start(one.contenders[one.twin_of], one.twin, one.twin_first) for one in doubled if one.twin]
    logs = [_log_ratio(quantity, first, second) for first, second in twins]
    return [log for log in logs if log is not None]


def _by_start(one: ContenderSet, twin: ContenderSet, twin_first: bool) -> tuple[ContenderSet, ContenderSet]:
    return (twin, one) if twin_first else (one, twin)


def _break_evens(able: Sequence[Contender], sets: Sequence[SetRecord], look: Look) -> Iterable[BreakEven]:
    """Of every pair of a track, and of every side on two tracks; all of them are one family."""
    pairs = [(a, b) for a, b in combinations(able, 2) if a.track == b.track or a.side == b.side]
    for a, b in pairs if len(sets) > 1 else ():
        processes = [(one.contenders[a.name], one.contenders[b.name]) for one in sets]
        found = told((a.side, a.track), (b.side, b.track), processes, look.certainty(len(pairs)).alpha)
        if found is not None:
            yield found.model_copy(update={"sentence": words.of_break_even(found)})


def _steadiness(one: Contender, sets: Sequence[SetRecord], look: Look, family: int) -> Steadiness | None:
    """Whether a contender stayed as fast as it was; the contenders are one family."""
    processes = [[of_set.contenders[one.name], *_twin_of(one, of_set)] for of_set in sets]
    found = steadiness(processes, look.certainty(family).alpha, look.matters)
    return found.model_copy(update={"sentence": words.of_steadiness(found)}) if found else None


def _twin_of(one: Contender, of_set: SetRecord) -> tuple[ContenderSet, ...]:
    return (of_set.twin,) if of_set.twin is not None and of_set.twin_of == one.name else ()


def _settled(ratio: Ratio, steady: Mapping[str, Steadiness | None]) -> Ratio:
    """A ratio of steps as it is, or without its verdict where sides moved further than they are apart."""
    a, b = (steady.get(f"{side}/{ratio.track}") for side in (ratio.a, ratio.b))
    if not moved_too_far(ratio, a, b):
        return ratio
    restless = [side for side, one in ((ratio.a, a), (ratio.b, b)) if one and one.verdict == "not steady"]
    return withhold(ratio, words.moved(restless))


def _timing(
    contender: Contender, why: str, sets: Sequence[SetRecord], steady: Steadiness | None, quality: Quality | None
) -> ContenderTiming:
    mine = [one.contenders[contender.name] for one in sets if contender.name in one.contenders]
    if why or not mine:
        return ContenderTiming(
            side=contender.side, track=contender.track, status="failed", why=why or "never timed", sets=tuple(mine)
        )
    return ContenderTiming(
        side=contender.side,
        track=contender.track,
        phases_s=_typical_phases([one.phases_s for one in mine]),
        step_s=summarise([step_s(one) for one in mine]),
        memory_bytes=_typical_memory([one.memory_bytes for one in mine]),
        steadiness=steady,
        **_inference(mine),
        **_epoch(mine),
        quality=quality,
        share=share(contender, sets),
        sets=tuple(mine),
    )


def _inference(mine: Sequence[ContenderSet]) -> dict[str, Any]:
    """Latency, and samples per second at the best batch size; empty where they were not timed in every set."""
    latencies = [latency for one in mine if (latency := latency_s(one)) is not None]
    sample = [seconds for one in mine if (seconds := sample_s(one)) is not None]
    if len(latencies) < len(mine) or len(sample) < len(mine):
        return {}
    return {
        "latency_s": summarise(latencies),
        "samples_per_s": summarise([1 / seconds for seconds in sample]),
        "best_batch": statistics.mode(map(best_batch, mine)),
    }


def _epoch(mine: Sequence[ContenderSet]) -> dict[str, Any]:
    """An epoch, its pipeline, and its share that is not steps; empty where they were not timed in every set."""
    wholes, alone, shares = ([read(one) for one in mine] for read in (epoch_s, pipeline_s, pipeline_share))
    timed = [[value for value in values if value is not None] for values in (wholes, alone, shares)]
    if any(len(values) < max(2, len(mine)) for values in timed):
        return {}
    share = mean_interval(timed[2])
    return {"epoch_s": summarise(timed[0]), "pipeline_s": summarise(timed[1]), "pipeline_share": share}


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


def _notes_on_steadiness(timed: Sequence[ContenderTiming]) -> Iterable[str]:
    for one in timed:
        if one.steadiness is not None and one.steadiness.verdict == "not steady":
            yield f"{one.side} ({one.track}) {one.steadiness.sentence}"


def _notes_beyond(sets: Sequence[SetRecord]) -> Iterable[str]:
    for name, reason in {name: reason for one in sets for name, reason in one.beyond_failed.items()}.items():
        yield f"{name} could be timed in nothing but its steps: {reason}"


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
