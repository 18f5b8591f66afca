"""Timing, phases and memory: who needs less, by how much, and how that was found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from paragone.records import ContenderTiming, Memory, Phases, Ratio, Run, Steadiness, TimingPlan, Timings
from paragone.report.charts import Chart
from paragone.report.charts.rows import Bar, Row, interval_rows, ratio_rows, stacked_bars
from paragone.report.figures import ABSENT, count, difference, level, seconds, size, times
from paragone.report.phrases import Figure, Phrase, capitalised, linked, listed
from paragone.report.samples.facts import ENDINGS, PLAN
from paragone.report.samples.timing import contender_key, ratio_key
from paragone.report.sections.epoch import epoch_chart, epoch_table, told_epochs
from paragone.report.sections.inference import inference_how, inference_table, latency_chart, name_of
from paragone.report.sections.precision import precision_how
from paragone.report.sections.quality import quality_chart, quality_how, quality_table, told_qualities
from paragone.report.sections.share import share_chart, share_table, told_shares
from paragone.report.speed import LESS, MORE, between, caveat, quantities, told_break_even, told_ratio, tracks
from paragone.report.text import anchor
from paragone.report.views import TableView, cell, places

MEMORY = "memory"
MIB = 2.0**20
_PHASES = ("start", "import", "build", "compile", "first step")
_MEMORY = ("Python and the framework", "model and data", "training")
_SYMBOLS = {"tie": "=", "withheld": "–", **dict.fromkeys(LESS, "◂"), **dict.fromkeys(MORE, "▸")}


@dataclass(frozen=True)
class QuantityView:
    """All ratios of one quantity."""

    title: str
    chart: Chart
    sentences: tuple[Phrase, ...]
    table: TableView


@dataclass(frozen=True)
class TimingView:
    """The section; phases and memory have their own."""

    quantities: tuple[QuantityView, ...] = ()
    steps: Chart | None = None
    steps_table: TableView | None = None
    steadiness: tuple[Phrase, ...] = ()
    inference: Chart | None = None
    inference_table: TableView | None = None
    epoch: Chart | None = None
    epoch_table: TableView | None = None
    epochs: tuple[Phrase, ...] = ()
    quality: Chart | None = None
    quality_table: TableView | None = None
    qualities: tuple[Phrase, ...] = ()
    share: Chart | None = None
    share_table: TableView | None = None
    shares: tuple[Phrase, ...] = ()
    break_even: tuple[Phrase, ...] = ()
    self_test: Chart | None = None
    self_test_table: TableView | None = None
    trusted: bool = True
    how: tuple[Phrase, ...] = ()
    notes: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    caveat: str = ""
    absent: str = ""


@dataclass(frozen=True)
class StackView:
    """Phases, or memory: stacked bars and the same figures as a table."""

    chart: Chart | None = None
    table: TableView | None = None
    quantities: tuple[QuantityView, ...] = ()
    absent: str = ""


def timing_view(run: Run) -> TimingView:
    """Ratios of times, step times, the instrument's own test, and how it was measured."""
    timings = run.timings
    if timings is None:
        return TimingView(absent="The timing was not run.")
    return TimingView(
        quantities=tuple(_quantity(timings, name) for name in quantities(timings.ratios) if MEMORY not in name),
        steps=_steps_chart(timings, places(run)),
        steps_table=_steps_table(timings),
        steadiness=tuple(_steadiness(timings)),
        inference=latency_chart(timings, places(run)),
        inference_table=inference_table(timings),
        epoch=epoch_chart(timings),
        epoch_table=epoch_table(timings),
        epochs=tuple(told_epochs(timings)),
        quality=quality_chart(timings),
        quality_table=quality_table(timings),
        qualities=tuple(told_qualities(timings)),
        share=share_chart(timings, places(run)),
        share_table=share_table(timings),
        shares=tuple(told_shares(timings)),
        break_even=tuple(told_break_even(one) for one in timings.break_even),
        self_test=_self_test_chart(timings.self_test),
        self_test_table=_ratio_table("The instrument against itself", timings.self_test) if timings.self_test else None,
        trusted=timings.trusted,
        how=(*_how(timings.plan), *precision_how(run)),
        notes=timings.notes,
        failed=tuple(_failures(timings)),
        caveat=caveat(run),
        absent="" if timings.ratios else "There is nothing to compare: fewer than two contenders were timed.",
    )


def _failures(timings: Timings) -> Iterator[str]:
    for one in timings.contenders:
        if one.status == "failed":
            yield f"{name_of(one, timings)} failed: {one.why}"


def _quantity(timings: Timings, name: str) -> QuantityView:
    ratios = [ratio for ratio in timings.ratios if ratio.quantity == name]
    several = len(tracks(ratios)) > 1
    kind = "memory" if MEMORY in name else "time"
    chart = ratio_rows(
        f"chart-{anchor(name)}",
        f"{capitalised(name)}: each pair as a ratio with its interval",
        [_ratio_row(ratio, several=several) for ratio in ratios],
        f"{kind} of the first ÷ {kind} of the second (log axis)",
    )
    sentences = tuple(told_ratio(ratio, ratio.track if several else "") for ratio in ratios)
    return QuantityView(capitalised(name), chart, sentences, _ratio_table(capitalised(name), ratios))


def _ratio_row(ratio: Ratio, several: bool) -> Row:
    track = f", {ratio.track}" if several else ""
    unseen = (1 / (1 + ratio.detectable), 1 + ratio.detectable)
    return Row(f"{ratio.a} ÷ {ratio.b}{track}", ratio.ratio, ratio.low, ratio.high, band=unseen)


def _ratio_table(caption: str, ratios: Sequence[Ratio]) -> TableView:
    columns = ("first ÷ second", "ratio", "interval", "first is", "would have shown", "from")
    return TableView(caption, columns, tuple(map(_ratio_cells, ratios)))


def _ratio_cells(ratio: Ratio) -> tuple[Phrase, ...]:
    sheet = ratio_key(ratio)
    return (
        cell(f"{ratio.a} ÷ {ratio.b}, {ratio.track}" if ratio.a != ratio.b else f"{ratio.quantity} of {ratio.a}"),
        cell(times(ratio.ratio), sheet),
        (*between(ratio.low, ratio.high, sheet), " at ", Figure(level(ratio.level), sheet)),
        cell(f"{_SYMBOLS[ratio.verdict]} {ratio.verdict}"),
        cell(difference(ratio.detectable), sheet),
        cell(count(len(ratio.log_ratios), "set")),
    )


def _self_test_chart(tests: Sequence[Ratio]) -> Chart | None:
    if not tests:
        return None
    rows = [Row(test.quantity, test.ratio, test.low, test.high) for test in tests]
    title = "A contender against a second process of itself: every interval must hold 1"
    return ratio_rows("chart-self-test", title, rows, "first process ÷ second process (log axis)")


def _steps_chart(timings: Timings, order: dict[str, int]) -> Chart | None:
    rows = [
        Row(name_of(one, timings), one.step_s.mid, one.step_s.low, one.step_s.high, series=order.get(one.side, 0))
        for one in timings.contenders
        if one.step_s
    ]
    title = "Time of one training step, with its interval over sets of fresh processes"
    return interval_rows("chart-steps", title, rows, axis="time of a step, from zero", write=seconds) if rows else None


def _steps_table(timings: Timings) -> TableView | None:
    rows = tuple(_step_cells(one, timings) for one in timings.contenders if one.step_s)
    columns = ("contender", "a step takes", "interval", "from", "warm after", "while it was timed")
    return TableView("Time of a training step", columns, rows) if rows else None


def _step_cells(one: ContenderTiming, timings: Timings) -> tuple[Phrase, ...]:
    step, sheet = one.step_s, contender_key(one.side, one.track)
    if step is None:
        return ()
    return (
        cell(name_of(one, timings)),
        cell(seconds(step.mid), sheet),
        cell(f"{seconds(step.low)} to {seconds(step.high)}", sheet),
        cell(count(step.n, "set")),
        *_steady_cells(one.steadiness, sheet),
    )


def _steady_cells(steady: Steadiness | None, sheet: str) -> tuple[Phrase, Phrase]:
    if steady is None:
        return cell(ABSENT), cell("not known")
    return cell(seconds(steady.warmup_s), sheet), cell(steady.verdict)


def _steadiness(timings: Timings) -> Iterator[Phrase]:
    """Whether each contender stayed as fast as it was."""
    for one in timings.contenders:
        if one.steadiness is not None:
            told = linked(one.steadiness.sentence, contender_key(one.side, one.track))
            yield (f"{name_of(one, timings)} ", *told, ".")


def _how(plan: TimingPlan) -> list[Phrase]:
    """How the timing was done, in sentences."""
    threads = count(plan.threads, "thread") if plan.threads else "each framework's own number of threads"
    return [
        (
            "The process is the unit of repetition: ",
            Figure(count(plan.sets, "set"), PLAN),
            " of fresh processes, one of every contender in each. Everything that is not being timed is stopped.",
        ),
        (
            "Within a set the contenders take turns in ",
            Figure(count(plan.rounds_per_set, "round"), PLAN),
            " of mirrored blocks of about ",
            Figure(seconds(plan.block_s), PLAN),
            ", after a warm-up of at least ",
            Figure(seconds(plan.warmup_s), PLAN),
            f"; batch size {plan.batch_size}, {threads}.",
        ),
        *inference_how(plan),
        *quality_how(plan),
        *_when(plan),
        ("Intervals are over the sets, at ", Figure(level(plan.level), PLAN), f" for all {_several(plan)} together."),
    ]


def _several(plan: TimingPlan) -> str:
    return "looks and all pairs of a quantity" if len(plan.looks) > 1 else "pairs of a quantity"


def _when(plan: TimingPlan) -> Iterator[Phrase]:
    """When the ratios were looked at, why the run ended, and what it had foretold."""
    if not plan.looks:
        return
    when = listed([str(look) for look in plan.looks])
    what = "a step" if plan.until is None else "a step, and of the time to quality,"
    first: Phrase = (
        f"The ratios of {what} were looked at ",
        Figure(f"after {when} sets", PLAN),
        " at most, which was ",
    )
    yield (*first, "fixed by the budget before any was known; ", *_ending(plan))
    if plan.forecast is not None:
        seen = Figure(difference(plan.forecast.detectable), PLAN)
        after = Figure(count(plan.forecast.sets, "set"), PLAN)
        yield ("After ", after, " the run foretold that at its last look a difference of ", seen, " would show.")


def _ending(plan: TimingPlan) -> Phrase:
    if plan.stopped == "decided" and plan.matters is not None:
        small = Figure(difference(plan.matters), PLAN)
        return ("the run ended because every pair was certain, or certainly less than ", small, " apart.")
    return (f"the run ended because {ENDINGS[plan.stopped]}.",)


def phases_view(run: Run) -> StackView:
    """Where the first seconds go."""
    timings = run.timings
    bars = [(one, one.phases_s) for one in timings.contenders if one.phases_s] if timings else []
    if timings is None or not bars:
        return StackView(absent="No phases were timed.")
    chart = stacked_bars(
        "chart-phases",
        "Seconds from the start of the process to the end of the first training step",
        [Bar(name_of(one, timings), _phase_values(phases)) for one, phases in bars],
        _PHASES,
        axis="time since the process was started, from zero",
        write=seconds,
    )
    rows = tuple(_stack_cells(one, timings, _phase_values(phases), seconds) for one, phases in bars)
    return StackView(chart, TableView("Phases", ("contender", *_PHASES, "together"), rows))


def _phase_values(phases: Phases) -> tuple[float, ...]:
    return phases.start, phases.import_, phases.build, phases.compile, phases.first_step


def _stack_cells(
    one: ContenderTiming, timings: Timings, values: Sequence[float], write: Callable[[float], str]
) -> tuple[Phrase, ...]:
    sheet = contender_key(one.side, one.track)
    return (cell(name_of(one, timings)), *(cell(write(value), sheet) for value in (*values, sum(values))))


def memory_view(run: Run) -> StackView:
    """Resident memory: what stands there after the import, after building, and at the peak."""
    timings = run.timings
    bars = [(one, one.memory_bytes) for one in timings.contenders if one.memory_bytes] if timings else []
    if timings is None or not bars:
        return StackView(absent="No memory was measured.")
    chart = stacked_bars(
        "chart-memory",
        "Resident memory of the process at its peak, and what it is made of",
        [Bar(name_of(one, timings), tuple(part / MIB for part in _memory_values(memory))) for one, memory in bars],
        _MEMORY,
        axis="resident memory, from zero",
        write=lambda mebibytes: size(mebibytes * MIB),
    )
    rows = tuple(_stack_cells(one, timings, _memory_values(memory), size) for one, memory in bars)
    compared = tuple(_quantity(timings, name) for name in quantities(timings.ratios) if MEMORY in name)
    return StackView(chart, TableView("Memory", ("contender", *_MEMORY, "peak"), rows), compared)


def _memory_values(memory: Memory) -> tuple[float, ...]:
    """The stretches of the bar in bytes, which end at the peak."""
    imported = min(memory.after_import, memory.peak)
    built = min(max(memory.after_build, imported), memory.peak)
    return float(imported), float(built - imported), float(memory.peak - built)
