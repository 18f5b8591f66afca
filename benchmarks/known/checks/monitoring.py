"""Monitoring: blocks that are watched and blocks that are not, in one process, in mirrored rounds of random order."""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.first_task import contender
from benchmarks.known.check import Check, Finding, started

from paragone.measure.neighbours import Watch
from paragone.measure.statistics import estimated
from paragone.workers.spawn import Worker

PROCESSES, ROUNDS, BLOCK_S = 5, 150, 0.01
LIMIT = 0.005
ALPHA = 0.05


def run(side: str, folder: Path) -> Iterator[Finding]:
    """One log-ratio a process; the interval is over processes."""
    logs = []
    for number in range(PROCESSES):
        with started(contender(side, "idiomatic", folder), folder) as (worker, _said):
            logs.append(log_ratio(worker, random.Random(number)))
    found = estimated(logs, ALPHA)
    said = f"{found.mid:.4f} ({found.low:.4f} to {found.high:.4f})"
    nearest = max(found.low, 1 / found.high, 1.0) - 1  # of the interval, to 1
    told = found.apart <= LIMIT or nearest > LIMIT
    yield Finding("watched / not watched", "1 within 0.5 %", said, found.apart / LIMIT, {"log_ratios": logs}, told)


def log_ratio(worker: Worker, dice: random.Random) -> float:
    """Of one process: its watched blocks over the others, round by round; the median, which bursts hardly move."""
    worker.call("time_steps", n=500)
    n = max(1, round(BLOCK_S * 500 / worker.call("time_steps", n=500)["elapsed_s"]))
    logs = []
    for _ in range(ROUNDS):
        first = dice.random() < 0.5
        taken_s = {True: 0.0, False: 0.0}
        for watched in (first, not first, not first, first):
            watch = Watch([worker.pid]) if watched else None
            taken_s[watched] += worker.call("time_steps", n=n)["elapsed_s"]
            if watch is not None:
                watch.own_cores(), watch.other_cores()
        logs.append(math.log(taken_s[True] / taken_s[False]))
    return statistics.median(logs)


CHECK = Check(
    name="monitoring",
    about="Blocks of 10 ms with the kernel's counters read before and after, as a set reads them, beside blocks "
    "without, in five processes: the whole interval at 95 % lies within 0.5 % of 1.",
    place=4,
    sides=("torch", "jax", "keras"),
    run=run,
)
