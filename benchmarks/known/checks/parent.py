"""The parent while contenders are timed: it must sleep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.first_task import contender
from benchmarks.known.check import Check, Finding

from paragone.measure.plan import Pace
from paragone.measure.sets import run_set
from paragone.workers.spawn import Worker

SETS = 3
LIMIT_CORES = 0.01


def run(side: str, folder: Path) -> Iterator[Finding]:
    """Sets as `paragone measure` runs them, of a side against itself."""
    one = contender(side, "idiomatic", folder)
    one = replace(one, spec=replace(one.spec, threads=1))
    cores = []
    for number in range(SETS):
        record = run_set(
            number,
            [one],
            pace=Pace(),
            seed=0,
            launch=lambda each: Worker(each.spec, folder / "worker.log", fresh=True),
        )
        cores.append(record.parent_cores)
    worst = max(cores)
    found = f"{100 * worst:.2f} %"
    yield Finding("share of a core", "at most 1 %", found, worst / LIMIT_CORES, {"cores": cores})


CHECK = Check(
    name="parent",
    about="Processor time of the parent while contenders take turns, the worst of three sets: at most 1 % of a core.",
    place=3,
    sides=("torch", "jax", "keras"),
    run=run,
)
