"""Sheets of a sweep: one for each contender, one for each pair."""

from __future__ import annotations

import math
from collections.abc import Iterator

from paragone.records import Growth, Interval, Run, SizeRatio, SweptPair, SweptSize
from paragone.report.figures import exact
from paragone.report.samples.base import Limits, Sheet, Table, key, series

SELF_TEST = key("sweep", "self-test")
SWEEP_PLAN = key("sweep", "plan")


def growth_key(one: Growth) -> str:
    """The sheet of one contender."""
    return key("sweep", one.side, one.track)


def pair_key(pair: SweptPair) -> str:
    """The sheet of one pair."""
    return key("sweep", pair.track, pair.a, pair.b)


def growth_sheets(run: Run, limits: Limits) -> tuple[Sheet, ...]:
    """Everything that was swept."""
    if run.sweep is None:
        return ()
    plan = run.sweep.plan
    rows = tuple((name, str(value)) for name, value in plan.model_dump().items())
    test = _ratios(run.sweep.self_test)
    return (
        Sheet(SWEEP_PLAN, "How the sweep was done", (Table(("what", "value"), rows),)),
        *(_growth(one, limits) for one in run.sweep.growth),
        *(_pair(pair) for pair in run.sweep.pairs),
        *((Sheet(SELF_TEST, "The instrument against itself, at every size", (test,)),) if run.sweep.self_test else ()),
    )


def _growth(one: Growth, limits: Limits) -> Sheet:
    columns = ("size", "a step, seconds", "low", "high", "confidence", "sets")
    rows = tuple((f"{size.size:,}", *_interval(size)) for size in one.sizes)
    line = (_line(one),) if one.line is not None else ()
    raw = [table for size in one.sizes for table in _raw(size, limits)]
    note = "The line is fitted in each set, by least squares of relative differences; its interval is over the sets."
    tables = (Table(columns, rows, "times over the sets"), *line, *raw)
    return Sheet(growth_key(one), f"Sweep of {one.side}, {one.track}", tables, note if line else "")


def _interval(size: SweptSize) -> tuple[str, ...]:
    step = size.step_s
    if step is None:
        return (f"failed: {size.why}", "", "", "", "")
    return (*map(exact, (step.mid, step.low, step.high, step.level)), str(step.n))


def _line(one: Growth) -> Table:
    assert one.line is not None

    def row(name: str, found: Interval) -> tuple[str, ...]:
        return (name, *map(exact, (found.mid, found.low, found.high, found.level)), str(found.n))

    rows = (row("overhead, seconds", one.line.overhead_s), row("each, seconds", one.line.each_s))
    misfit = ("largest misfit, share", exact(one.line.misfit), "", "", "", "")
    return Table(("of the line", "value", "low", "high", "confidence", "sets"), (*rows, misfit), "the line")


def _raw(size: SweptSize, limits: Limits) -> Iterator[Table]:
    """The blocks of every process; of a second one of the set that is said."""
    for one in size.processes:
        which = ", second process" if one.twin else ""
        caption = f"size {size.size:,}, set {one.set}{which}: seconds a step, by block of {one.steps_per_block:,} steps"
        yield series(one.block_step_s, limits.blocks, "block", caption)


def _pair(pair: SweptPair) -> Sheet:
    crossings = tuple((one.below, one.above, exact(one.size), str(one.low), str(one.high)) for one in pair.crossings)
    found = (Table(("ahead below", "ahead above", "size", "low", "high"), crossings, "crossings"),) if crossings else ()
    logs = Table(
        ("size", "log ratios, one a set"),
        tuple((f"{one.size:,}", "  ".join(map(exact, one.ratio.log_ratios))) for one in pair.ratios),
    )
    note = "One ratio for each set of fresh processes; the intervals of all pairs and sizes hold together."
    return Sheet(
        pair_key(pair), f"Sweep: {pair.a} / {pair.b}, {pair.track}", (*found, _ratios(pair.ratios), logs), note
    )


def _ratios(ratios: tuple[SizeRatio, ...]) -> Table:
    columns = ("size", "ratio", "low", "high", "confidence", "alpha", "detectable", "verdict", "log of it")
    rows = tuple(
        (
            f"{one.size:,}",
            *map(exact, (one.ratio.ratio, one.ratio.low, one.ratio.high, one.ratio.level, one.ratio.alpha)),
            exact(one.ratio.detectable),
            one.ratio.verdict,
            exact(math.log(one.ratio.ratio)),
        )
        for one in ratios
    )
    return Table(columns, rows, "ratios")
