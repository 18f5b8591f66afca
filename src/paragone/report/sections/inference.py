"""Inference: how long a call with one sample takes, and how many samples a second the best batch size gives."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.records import ContenderTiming, TimingPlan, Timings
from paragone.report.charts import Chart
from paragone.report.charts.rows import Row, interval_rows
from paragone.report.figures import number, seconds
from paragone.report.phrases import Figure, Phrase, listed
from paragone.report.samples.facts import PLAN
from paragone.report.samples.timing import contender_key
from paragone.report.views import TableView, cell


def name_of(one: ContenderTiming, timings: Timings) -> str:
    """The side, with its track where there are several."""
    several = len({contender.track for contender in timings.contenders}) > 1
    return f"{one.side}, {one.track}" if several else one.side


def latency_chart(timings: Timings, order: dict[str, int]) -> Chart | None:
    """The time of a call with one sample; None where inference was not timed."""
    rows = [
        Row(name_of(one, timings), at.mid, at.low, at.high, series=order.get(one.side, 0))
        for one in timings.contenders
        if (at := one.latency_s)
    ]
    title = "Latency: time of one call with one sample, with its interval over sets of fresh processes"
    return (
        interval_rows("chart-inference", title, rows, axis="time of a call, from zero", write=seconds) if rows else None
    )


def inference_table(timings: Timings) -> TableView | None:
    """Latency and throughput of every contender; None where inference was not timed."""
    rows = tuple(_cells(one, timings) for one in timings.contenders if one.latency_s)
    columns = ("contender", "latency", "interval", "samples a second", "interval of those", "best batch size")
    return TableView("Inference", columns, rows) if rows else None


def _cells(one: ContenderTiming, timings: Timings) -> tuple[Phrase, ...]:
    latency, throughput, sheet = one.latency_s, one.samples_per_s, contender_key(one.side, one.track)
    if latency is None or throughput is None:
        return ()
    return (
        cell(name_of(one, timings)),
        cell(seconds(latency.mid), sheet),
        cell(f"{seconds(latency.low)} to {seconds(latency.high)}", sheet),
        cell(number(throughput.mid), sheet),
        cell(f"{number(throughput.low)} to {number(throughput.high)}", sheet),
        cell(f"{one.best_batch:,}", sheet),
    )


def inference_how(plan: TimingPlan) -> Iterator[Phrase]:
    """How inference was timed, where it was."""
    if plan.inference_batches:
        sizes = Figure(listed([f"{size:,}" for size in plan.inference_batches]), PLAN)
        yield (
            "After the steps the same processes call the model in evaluation mode, without gradients, from a batch in "
            "memory to NumPy arrays, in mirrored blocks as well: at batch sizes ",
            sizes,
            ". Latency is that of one sample, throughput the best of all.",
        )
