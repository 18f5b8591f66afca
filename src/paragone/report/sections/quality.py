"""Time to quality: how long each contender trains until the test set is done well enough."""

from __future__ import annotations

from collections.abc import Iterator

from paragone.records import ContenderTiming, Quality, TimingPlan, Timings, UntilGoal
from paragone.report.charts import Chart
from paragone.report.charts.rows import Bar, stacked_bars
from paragone.report.figures import ABSENT, count, number, seconds
from paragone.report.phrases import Figure, Phrase
from paragone.report.samples.facts import PLAN
from paragone.report.samples.timing import contender_key
from paragone.report.sections.inference import name_of
from paragone.report.views import TableView, cell

_PARTS = ("first epoch, with compilation", "further epochs")


def goal_text(goal: UntilGoal) -> str:
    """What was good enough: `accuracy 0.9`."""
    return f"{goal.metric} {goal.level:g}"


def quality_chart(timings: Timings) -> Chart | None:
    """Trainings as bars, of those contenders that always became good enough; None where there are none."""
    goal = timings.plan.until
    bars = [Bar(name_of(one, timings), _parts(one.quality)) for one in timings.contenders if _always(one.quality)]
    if goal is None or not bars:
        return None
    title = f"Training until {goal_text(goal)} on the test set"
    return stacked_bars("chart-quality", title, bars, _PARTS, axis="time of training, from zero", write=seconds)


def _always(quality: Quality | None) -> bool:
    return quality is not None and quality.train_s is not None


def _parts(quality: Quality | None) -> tuple[float, ...]:
    whole_s = quality.train_s.mid if quality and quality.train_s else 0.0
    first_s = min(whole_s, quality.first_epoch_s) if quality else 0.0
    return first_s, whole_s - first_s


def quality_table(timings: Timings) -> TableView | None:
    """Every contender's trainings; None where nothing was asked for."""
    goal = timings.plan.until
    rows = tuple(_cells(one, timings) for one in timings.contenders if one.quality)
    if goal is None or not rows:
        return None
    columns = ("contender", "training takes", "interval", "of it the first epoch", "epochs", "reached", "best", "tests")
    return TableView(f"Training until {goal_text(goal)}", columns, rows)


def _cells(one: ContenderTiming, timings: Timings) -> tuple[Phrase, ...]:
    quality, sheet = one.quality, contender_key(one.side, one.track)
    if quality is None:
        return ()
    train = quality.train_s
    return (
        cell(name_of(one, timings)),
        cell(seconds(train.mid), sheet) if train else cell(ABSENT),
        cell(f"{seconds(train.low)} to {seconds(train.high)}", sheet) if train else cell(ABSENT),
        cell(seconds(quality.first_epoch_s), sheet),
        cell(_epochs(quality), sheet),
        cell(f"{quality.reached} of {count(quality.processes, 'training')}", sheet),
        cell(number(quality.best), sheet),
        cell(seconds(quality.evaluate_s), sheet),
    )


def _epochs(quality: Quality) -> str:
    if quality.epochs is None:
        return ABSENT
    fewest, most = quality.epochs
    return f"{fewest:,}" if fewest == most else f"{fewest:,} to {most:,}"


def told_qualities(timings: Timings) -> Iterator[Phrase]:
    """`torch trains 81 ms until accuracy 0.9 (1 to 3 epochs); …`, and who did not become good enough."""
    goal = timings.plan.until
    for one in timings.contenders:
        quality, sheet = one.quality, contender_key(one.side, one.track)
        if goal is not None and quality is not None and quality.train_s is not None:
            yield (
                f"{name_of(one, timings)} trains ",
                Figure(seconds(quality.train_s.mid), sheet),
                f" until {goal_text(goal)}, for ",
                Figure(f"{_epochs(quality)} {'epoch' if quality.epochs == (1, 1) else 'epochs'}", sheet),
                "; to look at the test set after each takes ",
                Figure(seconds(quality.evaluate_s), sheet),
                " more, which is not counted.",
            )
    yield from told_misses(timings)


def told_misses(timings: Timings) -> Iterator[Phrase]:
    """`torch did not reach accuracy 0.99 within 50 epochs in 3 of 8 trainings (best 0.987) …`."""
    goal = timings.plan.until
    for one in timings.contenders:
        quality, sheet = one.quality, contender_key(one.side, one.track)
        if goal is not None and quality is not None and quality.train_s is None:
            missed = quality.processes - quality.reached
            yield (
                f"{name_of(one, timings)} did not reach {goal_text(goal)} within {count(goal.epochs, 'epoch')} in ",
                Figure(f"{missed} of {count(quality.processes, 'training')}", sheet),
                " (best ",
                Figure(number(quality.best), sheet),
                "), so no time is told.",
            )


def quality_how(plan: TimingPlan) -> Iterator[Phrase]:
    """How it was timed, where it was."""
    if plan.until is not None:
        goal = Figure(f"{goal_text(plan.until)}, for {count(plan.until.epochs, 'epoch')} at most", PLAN)
        yield (
            "Last, every process trains a side that is built anew until the test set is done well enough: ",
            goal,
            ". They take turns, an epoch each; the processes of a set have one seed, which is another in each set. "
            "The clock runs while they train, compilation and data pipeline included, and not while they are tested.",
        )
