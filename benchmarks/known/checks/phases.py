"""Phases: with the steady steps they must add up to the wall time of the process, as the parent's own clock has it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from benchmarks.first_task import TRACKS, contender
from benchmarks.known.check import Check, Finding, started

STEADY_S = 1.0
PROCESSES = 3
LIMIT = 0.01


def run(side: str, folder: Path) -> Iterator[Finding]:
    """Processes that are never stopped, from spawn to end."""
    for track in TRACKS:
        shares = [_share(side, track, folder) for _ in range(PROCESSES)]
        worst = max(shares, key=lambda share: abs(share - 1))
        off = abs(worst - 1) / LIMIT
        yield Finding(track, "100 % within 1 %", f"{100 * worst:.2f} %", off, {"shares": shares})


def _share(side: str, track: str, folder: Path) -> float:
    """All phases and steps of one process, over the seconds that passed outside of it."""
    one = replace(contender(side, track, folder), track=track)
    began = time.perf_counter()
    with started(one, folder) as (worker, said):
        steady_s, n = float(said["second_step_s"]), 1
        while steady_s < STEADY_S:
            taken_s = float(worker.call("time_steps", n=n)["elapsed_s"])
            steady_s += taken_s
            n = max(1, round(0.2 * n / taken_s))
        worker.call("time_end")
        outside_s = time.perf_counter() - began
    return (sum(said["phases_s"].values()) + steady_s) / outside_s


CHECK = Check(
    name="phases",
    about="Start, import, build, compile, first step and steady steps of a process that is never stopped, over the "
    "wall time on the parent's clock from before its spawn to its last answer; the worst of three processes.",
    place=5,
    sides=("torch", "jax", "keras"),
    run=run,
)
