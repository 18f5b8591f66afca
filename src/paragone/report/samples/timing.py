"""Sheets of the timing: one for each ratio, one for each contender."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from paragone.records import BreakEven, ContenderSet, ContenderTiming, Ratio, Run, Steadiness
from paragone.report.figures import exact
from paragone.report.samples.base import Limits, Sheet, Table, key, series

_PHASES = ("start", "import_", "build", "compile", "first_step")


def ratio_key(ratio: Ratio) -> str:
    """The sheet of one ratio."""
    return key("ratio", ratio.track, ratio.quantity, ratio.a, ratio.b)


def contender_key(side: str, track: str) -> str:
    """The sheet of one contender."""
    return key("contender", side, track)


def break_even_key(one: BreakEven) -> str:
    """The sheet of one break-even."""
    return key("break-even", one.sooner, one.sooner_track, one.later, one.later_track)


def timing_sheets(run: Run, limits: Limits) -> tuple[Sheet, ...]:
    """Everything that was timed."""
    if run.timings is None:
        return ()
    ratios = (*run.timings.ratios, *run.timings.self_test)
    even = map(_break_even, run.timings.break_even)
    return (*map(_ratio, ratios), *even, *(_contender(one, limits) for one in run.timings.contenders))


def _ratio(ratio: Ratio) -> Sheet:
    rows = tuple((str(place), exact(log), exact(math.exp(log))) for place, log in enumerate(ratio.log_ratios))
    result = Table(
        ("ratio", "low", "high", "confidence", "alpha of the look", "detectable", "verdict"),
        ((*map(exact, _result(ratio)), ratio.verdict),),
    )
    title = f"{ratio.quantity}: {ratio.a} / {ratio.b}, {ratio.track}"
    note = "One ratio for each set of fresh processes; the interval is over the sets."
    return Sheet(ratio_key(ratio), title, (result, Table(("set", "log ratio", "ratio"), rows)), note)


def _break_even(one: BreakEven) -> Sheet:
    result = Table(
        ("training steps", "low", "high", "alpha"), (tuple(map(exact, (one.steps, one.low, one.high, one.alpha))),)
    )
    title = f"Break-even of {one.sooner}, {one.sooner_track}, and {one.later}, {one.later_track}"
    note = "From the cold start and the step of each process, which are in the sheets of both contenders."
    return Sheet(break_even_key(one), title, (result,), note)


def _result(ratio: Ratio) -> tuple[float | None, ...]:
    return ratio.ratio, ratio.low, ratio.high, ratio.level, ratio.alpha, ratio.detectable


def _contender(timing: ContenderTiming, limits: Limits) -> Sheet:
    steady = (_steadiness(timing.steadiness),) if timing.steadiness else ()
    raw = (_phases(timing.sets), _memory(timing.sets), _warm_up(timing.sets))
    inferred = (table for one in timing.sets for table in _beside(one, limits))
    tables = (*steady, *raw, *(_blocks(one, limits) for one in timing.sets), *inferred)
    title = f"Processes of {timing.side}, {timing.track}"
    return Sheet(contender_key(timing.side, timing.track), title, tables if timing.sets else (), timing.why)


def _phases(sets: Sequence[ContenderSet]) -> Table:
    columns = ("set", "start", "import", "build", "compile", "first step", "steady steps", "accounted for", "wall")
    rows = tuple(
        (
            str(one.set),
            *(exact(getattr(one.phases_s, phase)) for phase in _PHASES),
            exact(one.steady_s),
            exact(one.accounted_s),
            exact(one.wall_s),
        )
        for one in sets
    )
    return Table(columns, rows, "seconds")


def _memory(sets: Sequence[ContenderSet]) -> Table:
    rows = tuple(
        (
            str(one.set),
            str(one.memory_bytes.after_import),
            str(one.memory_bytes.after_build),
            str(one.memory_bytes.peak),
        )
        for one in sets
    )
    return Table(("set", "after import", "after build", "peak"), rows, "resident bytes")


def _steadiness(steady: Steadiness) -> Table:
    columns = ("later ÷ earlier half", "low", "high", "alpha", "warm-up, seconds", "processes", "not warm", "verdict")
    figures = (steady.drift, steady.low, steady.high, steady.alpha, steady.warmup_s, steady.processes, steady.cold)
    caption = "how the time of a step changed within the timed part of a process, over the sets"
    return Table(columns, ((*map(exact, figures), steady.verdict),), caption)


def _warm_up(sets: Sequence[ContenderSet]) -> Table:
    warm = {True: "yes", False: "no", None: "cannot be told"}
    rows = tuple((str(one.set), str(one.warmup_steps), exact(one.warmup_s), warm[one.warm]) for one in sets)
    return Table(("set", "steps", "seconds", "warm at its end"), rows, "the warm-up of each process")


def _beside(one: ContenderSet, limits: Limits) -> Iterator[Table]:
    """The blocks of calls at each batch size, of epochs and of their pipelines."""
    for at in one.inference:
        caption = f"set {one.set}, inference at batch size {at.batch_size:,}: seconds a call, by block of "
        yield series(at.block_call_s, limits.blocks, "block", f"{caption}{at.calls_per_block:,} calls")
    if one.epoch is not None:
        caption = f"set {one.set}, {one.epoch.batches:,} batches: seconds "
        yield series(one.epoch.block_epoch_s, limits.blocks, "block", f"{caption}an epoch, by block")
        yield series(one.epoch.block_pipeline_s, limits.blocks, "block", f"{caption}to make them alone, by block")
    if one.work is not None:
        caption = f"set {one.set}: products of two square matrices in float32"
        cells = tuple((made.by, f"{made.size:,}", exact(made.best_s)) for made in one.work.products)
        yield Table(("by", "rows", "shortest time, seconds"), cells, caption)
    if one.until is not None:
        rows = enumerate(zip(one.until.epoch_s, one.until.values, strict=True))
        cells = tuple((str(i + 1), exact(seconds), exact(value)) for i, (seconds, value) in rows)
        caption = f"set {one.set}, seed {one.until.seed}: until it was good enough, or for as many epochs as it may"
        yield Table(("epoch", "seconds", "metric after it"), cells[: limits.blocks], caption)


def _blocks(one: ContenderSet, limits: Limits) -> Table:
    caption = f"set {one.set}: seconds a step, by block of {one.steps_per_block:,} steps"
    return series(one.block_step_s, limits.blocks, "block", caption)
