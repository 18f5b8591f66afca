"""An epoch: how long it takes with its data pipeline, and how much of it is not its training steps."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.records import ContenderTiming, Interval, Timings
from paragone.report.charts import Chart
from paragone.report.charts.rows import Bar, stacked_bars
from paragone.report.figures import percent, seconds
from paragone.report.phrases import Figure, Phrase
from paragone.report.samples.timing import contender_key
from paragone.report.sections.inference import name_of
from paragone.report.views import TableView, cell

_PARTS = ("training steps", "the rest: data pipeline")


def epoch_chart(timings: Timings) -> Chart | None:
    """Epochs as bars; None where none was timed."""
    bars = [Bar(name_of(one, timings), _parts(one)) for one in timings.contenders if one.epoch_s]
    title = "Time of an epoch with its data pipeline"
    axis = "time of an epoch, from zero"
    return stacked_bars("chart-epoch", title, bars, _PARTS, axis=axis, write=seconds) if bars else None


def _parts(one: ContenderTiming) -> tuple[float, ...]:
    """Steps and the rest, in seconds; no less than nothing, whatever noise made of it."""
    whole_s = one.epoch_s.mid if one.epoch_s else 0.0
    share = min(1.0, max(0.0, one.pipeline_share.mid)) if one.pipeline_share else 0.0
    return whole_s * (1 - share), whole_s * share


def epoch_table(timings: Timings) -> TableView | None:
    """Every contender's epoch; None where none was timed."""
    rows = tuple(_cells(one, timings) for one in timings.contenders if one.epoch_s)
    columns = ("contender", "an epoch takes", "interval", "pipeline alone", "not steps", "interval of that")
    return TableView("Epochs", columns, rows) if rows else None


def _cells(one: ContenderTiming, timings: Timings) -> tuple[Phrase, ...]:
    whole, alone, share, sheet = one.epoch_s, one.pipeline_s, one.pipeline_share, contender_key(one.side, one.track)
    if whole is None or alone is None or share is None:
        return ()
    return (
        cell(name_of(one, timings)),
        cell(seconds(whole.mid), sheet),
        cell(f"{seconds(whole.low)} to {seconds(whole.high)}", sheet),
        cell(seconds(alone.mid), sheet),
        cell(percent(share.mid), sheet),
        cell(f"{percent(share.low)} to {percent(share.high)}", sheet),
    )


def told_epochs(timings: Timings) -> Iterator[Phrase]:
    """`an epoch of torch takes 51 ms, of which 22 % (19 % to 25 %) is not its training steps; …`."""
    for one in timings.contenders:
        sheet = contender_key(one.side, one.track)
        if one.epoch_s and one.pipeline_s and one.pipeline_share:
            yield (
                f"An epoch of {name_of(one, timings)} takes ",
                Figure(seconds(one.epoch_s.mid), sheet),
                *_share(one.pipeline_share, sheet),
                "; to make its batches alone takes ",
                Figure(seconds(one.pipeline_s.mid), sheet),
                ".",
            )


def _share(share: Interval, sheet: str) -> Phrase:
    """What is not steps, with its interval; where that holds nothing at all, only how much it is at most."""
    if share.low <= 0:
        most = Figure(percent(min(1.0, max(0.0, share.high))), sheet)
        return ("; how much of it is not its training steps was not seen, at most ", most)
    ends = Figure(f"{percent(share.low)} to {percent(share.high)}", sheet)
    return (", of which ", Figure(percent(share.mid), sheet), " (", ends, ") is not its training steps")
