"""Cost as it grows: curves over the sizes, lines, and where the lead changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from paragone.records import Growth, Run, SizeRatio, Sweep, SweptPair, SweptSize
from paragone.report.charts import Chart
from paragone.report.charts.growth import Point, Swept, growth_chart
from paragone.report.figures import ABSENT, count, level, seconds, times
from paragone.report.growth import faster, name_of, told_growth
from paragone.report.phrases import Figure, Phrase, linked
from paragone.report.samples.growth import SELF_TEST, SWEEP_PLAN, growth_key, pair_key
from paragone.report.sections.precision import precision_how
from paragone.report.speed import between, caveat
from paragone.report.text import anchor
from paragone.report.views import TableView, cell, places


@dataclass(frozen=True)
class Shown:
    """One chart with its figures."""

    title: str
    chart: Chart
    table: TableView


@dataclass(frozen=True)
class GrowthView:
    """The section."""

    lede: str = ""
    times: tuple[Shown, ...] = ()
    costs: tuple[Phrase, ...] = ()
    ratios: tuple[Shown, ...] = ()
    leads: tuple[Phrase, ...] = ()
    caveat: str = ""
    trusted: bool = True
    how: tuple[Phrase, ...] = ()
    notes: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def growth_view(run: Run) -> GrowthView:
    """Curves, lines, ratios, and how it was measured; empty where nothing was swept."""
    sweep = run.sweep
    if sweep is None:
        return GrowthView()
    return GrowthView(
        lede=f"The time of a training step over the {sweep.plan.called}, and where another side takes the lead.",
        times=tuple(_times(sweep, places(run))),
        costs=tuple(told_growth(sweep)),
        ratios=tuple(_ratios(sweep)),
        leads=faster(sweep)[1] if sweep.pairs else (),
        caveat=caveat(run),
        trusted=sweep.trusted,
        how=(*_how(sweep), *precision_how(run)),
        notes=sweep.notes,
        failed=tuple(_failures(sweep)),
    )


def _tracks(sweep: Sweep) -> list[str]:
    return list(dict.fromkeys(one.track for one in sweep.growth))


def _failures(sweep: Sweep) -> Iterator[str]:
    several = len(_tracks(sweep)) > 1
    for one in sweep.growth:
        for size in one.sizes:
            if size.step_s is None:
                yield f"{name_of(one, several=several)} failed at {sweep.plan.called} {size.size:,}: {size.why}"


def _times(sweep: Sweep, order: dict[str, int]) -> Iterator[Shown]:
    """One chart a track."""
    for track in _tracks(sweep):
        mine = [one for one in sweep.growth if one.track == track]
        curves = [_curve(one, order.get(one.side, 0)) for one in mine]
        title = "Time of a step" + (f", {track}" if len(_tracks(sweep)) > 1 else "")
        if any(curve.points for curve in curves):
            drawn = [curve for curve in curves if curve.points]
            caption = f"Time of one training step over the {sweep.plan.called}"
            chart = growth_chart(f"chart-sweep-{anchor(track)}", caption, drawn, axis=sweep.plan.called, write=seconds)
            yield Shown(title, chart, _times_table(title, mine, sweep))


def _curve(one: Growth, series: int) -> Swept:
    points = tuple(_point(size) for size in one.sizes if size.step_s is not None)
    line = one.line
    if line is None or line.bent:
        return Swept(one.side, points, series)
    overhead_s, each_s = line.overhead_s.mid, line.each_s.mid
    return Swept(one.side, points, series, lambda size: max(overhead_s + each_s * size, 1e-12))


def _point(size: SweptSize) -> Point:
    assert size.step_s is not None
    return Point(size.size, size.step_s.mid, size.step_s.low, size.step_s.high)


def _times_table(caption: str, mine: list[Growth], sweep: Sweep) -> TableView:
    rows = tuple(
        (cell(f"{sweep.plan.sizes[place]:,}"), *(_time_cell(one, one.sizes[place]) for one in mine))
        for place in range(len(sweep.plan.sizes))
    )
    return TableView(caption, (sweep.plan.called, *(one.side for one in mine)), rows)


def _time_cell(one: Growth, size: SweptSize) -> Phrase:
    step, sheet = size.step_s, growth_key(one)
    if step is None:
        return cell(ABSENT)
    return (Figure(seconds(step.mid), sheet), " (", Figure(f"{seconds(step.low)} to {seconds(step.high)}", sheet), ")")


def _ratios(sweep: Sweep) -> Iterator[Shown]:
    """One chart a track, with every pair of it."""
    for track in _tracks(sweep):
        pairs = [pair for pair in sweep.pairs if pair.track == track and pair.ratios]
        if not pairs:
            continue
        curves = [_ratio_curve(pair, place) for place, pair in enumerate(pairs)]
        title = "Ratio of the times" + (f", {track}" if len(_tracks(sweep)) > 1 else "")
        id_ = f"chart-sweep-ratio-{anchor(track)}"
        caption = f"Time of the first ÷ time of the second, over the {sweep.plan.called}"
        chart = growth_chart(id_, caption, curves, axis=sweep.plan.called, write=times, one=True)
        yield Shown(title, chart, _ratios_table(title, pairs, sweep))


def _ratio_curve(pair: SweptPair, place: int) -> Swept:
    points = [Point(one.size, one.ratio.ratio, one.ratio.low, one.ratio.high) for one in pair.ratios]
    return Swept(f"{pair.a} ÷ {pair.b}", tuple(points), place)


def _ratios_table(caption: str, pairs: list[SweptPair], sweep: Sweep) -> TableView:
    columns = (sweep.plan.called, *(f"{pair.a} ÷ {pair.b}" for pair in pairs))
    rows = tuple((cell(f"{size:,}"), *(_ratio_cell(pair, size) for pair in pairs)) for size in sweep.plan.sizes)
    return TableView(caption, columns, rows)


def _ratio_cell(pair: SweptPair, size: int) -> Phrase:
    found: SizeRatio | None = next((one for one in pair.ratios if one.size == size), None)
    if found is None:
        return cell(ABSENT)
    ratio, sheet = found.ratio, pair_key(pair)
    ends = between(ratio.low, ratio.high, sheet)
    return (Figure(times(ratio.ratio), sheet), " (", *ends, f"): {pair.a} is {ratio.verdict}")


def _how(sweep: Sweep) -> Iterator[Phrase]:
    plan = sweep.plan
    yield (
        "The process is the unit of repetition: ",
        Figure(count(plan.sets, "set"), SWEEP_PLAN),
        " of fresh processes, each of which is timed at every size, in a random order. At each size the side is built "
        "anew and warmed up alone; then all take turns in mirrored blocks of about ",
        Figure(seconds(plan.block_s), SWEEP_PLAN),
        ".",
    )
    yield (
        "The ratios of all sizes and pairs of a track hold together at ",
        Figure(level(plan.level), SWEEP_PLAN),
        "; so do the ends of a crossing, which are the nearest sizes at which it is certain who is ahead.",
    )
    if sweep.self_test:
        widest = max(sweep.self_test, key=lambda one: max(one.ratio.high, 1 / one.ratio.low))
        yield (
            "A contender against a second process of itself, at the size where that says least: ",
            *between(widest.ratio.low, widest.ratio.high, SELF_TEST),
            "; at every size it must hold 1." if sweep.trusted else "; at some size it does not hold 1, as it must.",
        )
    yield (
        *linked(f"Batch size {plan.batch_size} and {_threads(plan.threads)}, where they are not swept", SWEEP_PLAN),
        ".",
    )


def _threads(threads: int) -> str:
    return count(threads, "thread") if threads else "each framework's own number of threads"
