"""A sweep in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from paragone.measure.sweep.crossing import leader
from paragone.measure.sweep.fit import POOR
from paragone.measure.words import percent, rounded_up
from paragone.records import Crossing, Growth, Interval, Line, SizeRatio, SweepPlan, SweptPair
from paragone.report.figures import seconds, times
from paragone.report.phrases import listed


def size_of(plan: SweepPlan, size: float) -> str:
    """`batch size 64`, `2 threads`, `hidden.units 64`, for after "at"."""
    number = f"{size:,.0f}"
    if plan.called == f"{plan.counted}s":
        return f"{number} {plan.counted if size == 1 else plan.called}"
    return f"{plan.called} {number}"


def of_line(line: Line, counted: str) -> str:
    """Overhead and marginal cost: `each step costs 0.21 ms before any work is done, and 3.1 µs per sample`."""
    if line.bent:
        return (
            "its cost does not grow along a straight line: the nearest one misses a measured time by "
            f"{percent(line.misfit)}"
        )
    fits = f"the line is within {rounded_up(line.misfit)} of every measured time"
    if line.misfit > POOR:
        fits = f"it is too noisy to tell whether this is a line, which misses a time by {percent(line.misfit)}"
    if line.each_s.low <= 0:
        return f"no cost per {counted} was seen; it is at most {seconds(max(line.each_s.high, 0.0))}; {fits}"
    each = f"{seconds(line.each_s.mid)} per {counted} ({_ends(line.each_s)})"
    if line.overhead_s.low <= 0:
        most = seconds(max(line.overhead_s.high, 0.0))
        return f"each step costs {each}, and at most {most} before any work is done; {fits}"
    overhead = f"{seconds(line.overhead_s.mid)} before any work is done ({_ends(line.overhead_s)})"
    return f"each step costs {overhead}, and {each}; {fits}"


def _ends(interval: Interval) -> str:
    return f"{seconds(interval.low)} to {seconds(interval.high)}"


def of_growth(one: Growth, plan: SweepPlan) -> str:
    """A contender's times from the smallest size to the largest, for after its name."""
    timed = [(size.size, size.step_s) for size in one.sizes if size.step_s is not None]
    failed = [f"{size.size:,}" for size in one.sizes if size.step_s is None]
    lost = f"; it failed at {listed(failed)}" if failed else ""
    if not timed:
        return "failed at every size"
    (small, first), (large, last) = timed[0], timed[-1]
    grown = times(last.mid / first.mid)
    return (
        f"takes {seconds(first.mid)} at {size_of(plan, small)} and {seconds(last.mid)} at {size_of(plan, large)}, "
        f"{grown} as long{lost}"
    )


def of_pair(pair: SweptPair, plan: SweepPlan) -> str:
    """Who is ahead where: `below batch size 64 (32 to 128) torch, above it keras`."""
    leaders = [leader(one.ratio) for one in pair.ratios]
    if not pair.ratios:
        return f"{pair.a} and {pair.b}: at no size were both timed"
    if any(one.ratio.verdict == "withheld" for one in pair.ratios):
        return f"{pair.a} and {pair.b}: nobody is said to be ahead, since the instrument failed its own test"
    if not any(leaders):
        return f"{pair.a} and {pair.b}: no crossing seen, and at no size a difference that is certain"
    if pair.crossings:
        return f"{'; '.join(_crossed(one, plan) for one in pair.crossings)}{_open(pair.ratios, leaders)}"
    ahead = next(filter(None, leaders))
    other = pair.b if ahead == pair.a else pair.a
    where = _where([one.size for one, name in zip(pair.ratios, leaders, strict=True) if name], pair, plan)
    return f"{ahead} is ahead of {other} {where}; no crossing seen{_open(pair.ratios, leaders)}"


def _crossed(one: Crossing, plan: SweepPlan) -> str:
    about = f"{plan.called} {float(f'{one.size:.2g}'):,.0f} ({one.low:,} to {one.high:,})"
    return f"below {about} {one.below} is ahead, above it {one.above}"


def _where(certain: Sequence[int], pair: SweptPair, plan: SweepPlan) -> str:
    every = [one.size for one in pair.ratios]
    if list(certain) == every:
        return f"at every {plan.called}"
    return f"at {plan.called} {listed(_stretches(certain, every))}"


def _open(ratios: Sequence[SizeRatio], leaders: Sequence[str]) -> str:
    """The sizes at which it is open who is ahead."""
    every = [one.size for one in ratios]
    unsure = [size for size, name in zip(every, leaders, strict=True) if not name]
    return f"; not told apart at {listed(_stretches(unsure, every))}" if unsure else ""


def _stretches(some: Sequence[int], every: Sequence[int]) -> list[str]:
    """`1 to 8` for neighbours among all sizes, `64` for one alone."""
    marked = [(size in some, size) for size in every]
    runs = [[size for _, size in run] for chosen, run in groupby(marked, key=lambda one: one[0]) if chosen]
    return [f"{run[0]:,} to {run[-1]:,}" if len(run) > 1 else f"{run[0]:,}" for run in runs]


def of_budget(plan: SweepPlan) -> str:
    """How the budget was shared."""
    return (
        f"the {len(plan.sizes)} sizes share the budget of {plan.budget_s:g} s: each of the {plan.sets} sets of fresh "
        f"processes times every size, about {plan.timed_s:g} s of each contender"
    )
