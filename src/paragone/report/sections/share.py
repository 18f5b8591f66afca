"""How much of the machine the training steps use: their share of the best matrix product of the run."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.records import ContenderTiming, Timings, Yardstick
from paragone.report.charts import Chart
from paragone.report.charts.rows import Row, interval_rows
from paragone.report.figures import ABSENT, flops, number, percent
from paragone.report.phrases import Figure, Phrase, listed_phrases
from paragone.report.samples.timing import contender_key
from paragone.report.sections.inference import name_of
from paragone.report.views import TableView, cell

_COUNTED = (
    "Counted are the matrix products and convolutions of the layers, two operations for each product of two numbers, "
    "and three times the forward pass for a training step; not what else a step does.",
)


def share_chart(timings: Timings, order: dict[str, int]) -> Chart | None:
    """Shares with their intervals; None where none is known."""
    rows = [
        Row(name_of(one, timings), at.mid, at.low, at.high, series=order.get(one.side, 0))
        for one in timings.contenders
        if one.share and (at := one.share.share)
    ]
    title = "Floating-point operations of the training steps, as a share of the best matrix product of the run"
    return interval_rows("chart-share", title, rows, axis="share, from zero", write=percent) if rows else None


def share_table(timings: Timings) -> TableView | None:
    """Every contender's work and share; None where nothing was asked for."""
    rows = tuple(_cells(one, timings) for one in timings.contenders if one.share)
    columns = ("contender", "operations a step", "operations a second", "share", "interval")
    return TableView("Share of the best matrix product", columns, rows) if rows else None


def _cells(one: ContenderTiming, timings: Timings) -> tuple[Phrase, ...]:
    found, sheet = one.share, contender_key(one.side, one.track)
    if found is None:
        return ()
    name = cell(name_of(one, timings))
    if found.flops_per_s is None or found.share is None or found.step_flops is None:
        return (name, cell(f"not known: {found.unknown}"), cell(ABSENT), cell(ABSENT), cell(ABSENT))
    return (
        name,
        cell(number(found.step_flops), sheet),
        cell(flops(found.flops_per_s.mid), sheet),
        cell(percent(found.share.mid), sheet),
        cell(f"{percent(found.share.low)} to {percent(found.share.high)}", sheet),
    )


def told_shares(timings: Timings) -> Iterator[Phrase]:
    """`Of … best matrix product, torch reaches 3.1 % (2.9 % to 3.3 %) and …`; the yardstick; what is counted."""
    known = [one for one in timings.contenders if one.share and one.share.share]
    if timings.yardstick is not None and known:
        yield ("Of this machine's best matrix product, ", *listed_phrases([_told(one, timings) for one in known]), ".")
        yield _yardstick(timings.yardstick, contender_key(known[0].side, known[0].track))
    for one in timings.contenders:
        if one.share and one.share.share is None:
            sheet = contender_key(one.side, one.track)
            yield (f"What {name_of(one, timings)} reaches is ", Figure("not known", sheet), f": {one.share.unknown}.")
    if any(one.share for one in timings.contenders):
        yield _COUNTED


def _told(one: ContenderTiming, timings: Timings) -> Phrase:
    sheet, share = contender_key(one.side, one.track), one.share.share if one.share else None
    if share is None:
        return ()
    ends = Figure(f"{percent(share.low)} to {percent(share.high)}", sheet)
    return (f"{name_of(one, timings)} reaches ", Figure(percent(share.mid), sheet), " (", ends, ")")


def _yardstick(found: Yardstick, sheet: str) -> Phrase:
    by = {"numpy": "NumPy", "torch": "PyTorch", "jax": "JAX", "tensorflow": "TensorFlow"}.get(found.by, found.by)
    best = Figure(flops(found.flops_per_s.mid), sheet)
    size = f"{found.size:,} × {found.size:,}"
    return (
        "That is ",
        best,
        f" in float32, most often by {by} with matrices of {size}, and the same for all contenders.",
    )
