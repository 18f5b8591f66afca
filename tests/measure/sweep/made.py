"""Sweeps of contenders whose times are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from paragone.measure.sets import Contender
from paragone.measure.sweep.sets import Point
from paragone.measure.sweep.stage import Order, sweep
from paragone.measure.sweep.wish import wish
from paragone.progress import Silent
from paragone.records import Interval, Ratio, SizeRatio, SpeedVerdict, Sweep
from paragone.trials import Trials
from paragone.workers.spawn import WorkerSpec


def points(text: str, sides: Sequence[str]) -> tuple[Point, ...]:
    """Every size of a sweep of batch or threads."""
    asked = wish(text)
    field = {"batch": "batch_size", "threads": "threads"}[asked.text]
    spec = WorkerSpec("side", "torch", "side.py")
    return tuple(
        Point(size, tuple(Contender(side, "idiomatic", replace(spec, side=side, **{field: size})) for side in sides))
        for size in asked.sizes
    )


def made(
    folder: Path, stand: Any, text: str = "batch=1,8,64,512", sides: Sequence[str] = ("torch", "keras"), **given: Any
) -> Sweep:
    """A sweep of processes that say how long their steps would have taken."""
    options = {"budget_s": 600.0, "seed": 0, "batch_size": 32, "threads": 1} | given
    order = Order(wish(text), points(text, sides), **options)
    return sweep(
        order, trials=Trials(folder), key={"sides": 1}, log_folder=folder, progress=Silent(), launch=stand.launch
    )


def ratio(size: int, value: float, verdict: SpeedVerdict = "tie", a: str = "torch", b: str = "keras") -> SizeRatio:
    """One that is certain or open."""
    found = Ratio(
        a=a, b=b, track="idiomatic", quantity="step", ratio=value, low=value * 0.9, high=value * 1.1, level=0.99,
        verdict=verdict, detectable=0.1, log_ratios=(0.0, 0.0),
    )  # fmt: skip
    return SizeRatio(size=size, ratio=found)


def interval(mid: float, low: float, high: float) -> Interval:
    """Over three sets."""
    return Interval(mid=mid, low=low, high=high, n=3)
