"""The curves of a record: losses and drifts of a proof, times and memory of a timing, outcomes over seeds.

A *line* is what TensorBoard calls a run: a side, a side on a track, or a pair. Curves of the same tag lie over each
other, so that the same quantity of all frameworks is one picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from paragone.curves.event_file import Scalar
from paragone.records import Checkpoint, ContenderTiming, Interval, Load, Pair, Proof, Ratio, Run, Sweep, Timings

Point = tuple[str, Scalar]
"""The line, and a point of one of its curves."""


def points(run: Run) -> Iterator[Point]:
    """Every point of every curve; those of one line and tag in the order of their steps."""
    if run.proof is not None:
        yield from _of_proof(run.proof)
    if run.timings is not None:
        yield from _of_timings(run.timings)
    if run.sweep is not None:
        yield from _of_sweep(run.sweep)
    if run.load is not None:
        yield from _of_load(run.load)


def _of_proof(proof: Proof) -> Iterator[Point]:
    for curve in proof.curves:
        line = f"{curve.side}, causes removed" if curve.corrected else curve.side
        yield from _curve(line, f"training loss/{curve.dtype}", curve.loss)
        yield from _curve(line, f"training loss moved by rounding/{curve.dtype}", curve.band)
    for floor in proof.floors:
        yield from _checkpoints(floor.side, f"weights moved by rounding/{floor.dtype}", floor.checkpoints)
    for pair in proof.pairs:
        yield from _of_pair(pair, f"{pair.a} and {pair.b}")
    for pair in proof.corrected:
        yield from _of_pair(pair, f"{pair.a} and {pair.b}, causes removed")
    for outcome in proof.outcomes:
        line = outcome.side if outcome.variant == "as written" else f"{outcome.side}, {outcome.variant}"
        yield from _curve(line, "by seed/test accuracy", outcome.accuracy)
        yield from _curve(line, "by seed/test loss", outcome.loss)
        yield from _curve(line, "by seed/training loss", outcome.training_loss)


def _of_pair(pair: Pair, line: str) -> Iterator[Point]:
    for rung in pair.rungs:
        yield from _checkpoints(line, f"weights apart, {rung.name}/{rung.dtype}", rung.checkpoints)


def _of_timings(timings: Timings) -> Iterator[Point]:
    for contender in timings.contenders:
        yield from _of_contender(contender, f"{contender.side}, {contender.track}")
    for ratio in timings.ratios:
        values = [math.exp(log) for log in ratio.log_ratios]
        yield from _curve(f"{ratio.a} over {ratio.b}, {ratio.track}", f"ratio by set/{ratio.quantity}", values)


def _of_contender(contender: ContenderTiming, line: str) -> Iterator[Point]:
    sets = contender.sets
    yield from _curve(line, "step by block/seconds", [step for one in sets for step in one.block_step_s])
    for phase in ("start", "import", "build", "compile", "first_step"):
        values = [one.phases_s.model_dump(by_alias=True)[phase] for one in sets]
        yield from _curve(line, f"cold start by set/{phase} (seconds)", values)
    for name in ("after_import", "after_build", "peak"):
        values = [getattr(one.memory_bytes, name) / 2**20 for one in sets]
        yield from _curve(line, f"memory by set/{name} (MiB)", values)
    yield from _curve(line, "warm-up by set/seconds", [one.warmup_s for one in sets])
    trained = [one.until for one in sets if one.until is not None and one.until.reached]
    yield from _curve(line, "training until good enough by set/seconds", [sum(one.epoch_s) for one in trained])
    yield from _curve(line, "training until good enough by set/epochs", [len(one.epoch_s) for one in trained])
    for number, one in enumerate((one.until for one in sets if one.until is not None), 1):
        yield from _known(f"{line}, process {number}", "training by epoch/test metric", one.values)
        yield from _curve(f"{line}, process {number}", "training by epoch/seconds", one.epoch_s)
    epochs = [one.epoch for one in sets if one.epoch is not None]
    yield from _curve(line, "epoch by block/seconds", [took for one in epochs for took in one.block_epoch_s])
    pipelines = [took for one in epochs for took in one.block_pipeline_s]
    yield from _curve(line, "epoch by block/seconds of the data pipeline alone", pipelines)
    calls: dict[int, list[float]] = {}
    for inference in (found for one in sets for found in one.inference):
        calls.setdefault(inference.batch_size, []).extend(inference.block_call_s)
    for batch_size, values in calls.items():
        yield from _curve(line, f"inference by block/batch of {batch_size} (seconds a call)", values)


def _of_sweep(sweep: Sweep) -> Iterator[Point]:
    """Along the sizes: the time of a step, and the ratio of a pair, each with both ends of its interval."""
    by = f"by {sweep.plan.called}"
    for growth in sweep.growth:
        for one in growth.sizes:
            if one.step_s is not None:
                yield from _at(f"{growth.side}, {growth.track}", f"step {by}/seconds", one.size, one.step_s)
    for pair in sweep.pairs:
        for ratio in pair.ratios:
            yield from _at(f"{pair.a} over {pair.b}, {pair.track}", f"ratio {by}/step", ratio.size, ratio.ratio)


def _at(line: str, tag: str, size: int, found: Interval | Ratio) -> Iterator[Point]:
    mid = found.mid if isinstance(found, Interval) else found.ratio
    for name, value in ((tag, mid), (f"{tag}, low", found.low), (f"{tag}, high", found.high)):
        yield line, Scalar(name, size, value)


def _of_load(load: Load) -> Iterator[Point]:
    """Along the offered rates, in requests a second: every run of every server."""
    for server in load.servers:
        for one in sorted(server.runs, key=lambda one: one.rate_per_s):
            line = f"{server.side}: {server.target}, run {one.run + 1}"
            for tag, value in (("p50", one.p50_s), ("p90", one.p90_s), ("p99", one.p99_s)):
                if value is not None:
                    yield line, Scalar(f"under load by rate/{tag} (seconds)", round(one.rate_per_s), value)


def _known(line: str, tag: str, values: Sequence[float | None]) -> Iterator[Point]:
    for step, value in enumerate(values):
        if value is not None:
            yield line, Scalar(tag, step, value)


def _curve(line: str, tag: str, values: Sequence[float]) -> Iterator[Point]:
    for step, value in enumerate(values):
        yield line, Scalar(tag, step, value)


def _checkpoints(line: str, tag: str, found: Sequence[Checkpoint]) -> Iterator[Point]:
    for one in found:
        yield line, Scalar(tag, one.step, one.max_rel)
