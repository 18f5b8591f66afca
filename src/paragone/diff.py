"""Two runs beside each other: what became faster or slower, as far as two runs can tell.

Times of two runs are never compared: a machine's speed changes from hour to hour by more than most differences that
are asked about, and identical programs that are timed one after the other differ "significantly" more often than not.
Ratios can be: in each run both sides met the same machine at the same moments. So the question is whether the ratio of
two sides is otherwise in the second run.

Each run ended at a look of its own choosing, so the interval of the change is made of the intervals of both looks, each
at half of what it may spend, and holds by Bonferroni's inequality.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from paragone.errors import InputError
from paragone.history import lookup
from paragone.measure.machines import check_alike
from paragone.measure.statistics import Estimated, estimated
from paragone.measure.words import rounded_up
from paragone.records import Change, Diff, Ratio, Run
from paragone.report.figures import number, times


def diff_runs(first: str | Path, second: str | Path) -> Diff:
    """Compare the ratios of two runs, each named by its folder or by its id in the history.

    Raises:
        InputError: there is no record, the machines are not alike, or no pair was timed in both.
    """
    before, after = lookup(first), lookup(second)
    where = f"{first} and {second}"
    check_alike(before, after, where)
    _check_precision(before, after, where)
    found = tuple(_changes(before, after))
    if not found:
        raise InputError(
            "No pair of sides was timed in both runs.",
            where=where,
            expected="two runs in which the same two sides were timed against each other, on the same track",
            received=f"{_pairs(before)}, and {_pairs(after)}",
            next_step="paragone measure old.py new.py times an old and a new side against each other, in one run",
        )
    return Diff(first=before.name, second=after.name, changes=found, otherwise=tuple(_otherwise(before, after)))


def _check_precision(before: Run, after: Run, where: str) -> None:
    """Refuse two runs whose sides were not timed in the same precision."""
    first, second = before.task.precision, after.task.precision
    if first != second:
        raise InputError(
            "These two runs were not timed in the same precision.",
            where=where,
            expected="two runs in one precision",
            received=f"{first} and {second}",
            next_step=f"measure again with --precision {first} or {second}, whichever is to be compared",
        )


def lines(diff: Diff) -> list[str]:
    """What a person reads."""
    title = f"From {diff.first} to {diff.second}:" if diff.first != diff.second else f"Two runs of {diff.first}:"
    return [title, *(one.sentence for one in diff.changes), *(f"note: {text}" for text in diff.otherwise)]


def _ratios(run: Run) -> dict[tuple[str, str, str, str], Ratio]:
    ratios = run.timings.ratios if run.timings else ()
    return {(one.track, one.quantity, one.a, one.b): one for one in ratios if len(one.log_ratios) > 1}


def _pairs(run: Run) -> str:
    found = dict.fromkeys(f"{a} ÷ {b}, {track}" for track, _, a, b in _ratios(run))
    return "; ".join(found) or "none"


def _changes(before: Run, after: Run) -> Iterator[Change]:
    later = _ratios(after)
    for key, ratio in _ratios(before).items():
        if key in later:
            yield _change(ratio, later[key])


def _change(first: Ratio, second: Ratio) -> Change:
    alphas = [one.alpha or 1.0 - one.level for one in (first, second)]
    a, b = (estimated(one.log_ratios, alpha / 2) for one, alpha in zip((first, second), alphas, strict=True))
    low, high = b.low / a.high, b.high / a.low
    held = "withheld" in (first.verdict, second.verdict)
    change = Change(
        a=first.a,
        b=first.b,
        track=first.track,
        quantity=first.quantity,
        first=a.mid,
        second=b.mid,
        change=b.mid / a.mid,
        low=low,
        high=high,
        alpha=sum(alphas) / 2,
        apart=max(high, 1 / low) - 1,
        verdict="withheld" if held else "no change seen" if low <= 1 <= high else "changed",
    )
    return change.model_copy(update={"sentence": _sentence(change, a, b)})


def _sentence(one: Change, a: Estimated, b: Estimated) -> str:
    about = f"{one.quantity} of {one.a} ÷ {one.b} ({one.track}): {_ratio(a)}, then {_ratio(b)}"
    if one.verdict == "withheld":
        return f"{about}; withheld, because a run withheld its own verdict"
    if one.verdict == "changed":
        ends = f"{number(one.low, keep=True)} to {number(one.high, keep=True)}"
        return f"{about}; it changed: {times(one.change)} what it was ({ends})"
    if one.apart < 1:
        return f"{about}; no change was seen, and there is none above {rounded_up(one.apart)}"
    return f"{about}; no change was seen, and only a factor above {number(1 + one.apart)} is excluded"


def _ratio(found: Estimated) -> str:
    return number(found.mid, keep=True)


def _otherwise(before: Run, after: Run) -> Iterator[str]:
    """What is not the same besides: a change may be its doing."""
    if before.paragone != after.paragone:
        yield f"made by Paragone {before.paragone} and {after.paragone}"
    if before.task.data.sha256 != after.task.data.sha256:
        yield "the data is not the same"
    if before.task.batch_size != after.task.batch_size:
        yield f"batches of {before.task.batch_size} and of {after.task.batch_size}"
    if before.timings and after.timings and before.timings.plan.threads != after.timings.plan.threads:
        yield f"threads: {before.timings.plan.threads} and {after.timings.plan.threads} (0: the framework's default)"
    others = {side.name: side for side in after.sides}
    for side in before.sides:
        if side.name in others and side.sha256 != others[side.name].sha256:
            yield f"the file of {side.name} is not the same"
