"""What rounding alone does to a case: each framework against itself, from numbers one unit in the last place away.

Some configurations magnify rounding without bound. A normalisation over a single value has a variance of zero: its
gradient is zero but for rounding, which is divided by the root of an epsilon. Nobody can compute such a gradient, so
that frameworks are the same where they are no further from each other than each is from itself.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from paragone.errors import ParagoneError

from .lab import FRAMEWORKS, Arrays, Case, Ran, prepared, results, run_all, snap

RUNS = 4
"""Runs with other roundings."""
FLOORS = 10
"""Floors up to which two arrays are the same, as in a proof in float32."""
Found = dict[str, Ran]


def nudged(case: Case) -> list[Case]:
    """The case, and the same with its weights and floating data moved by one unit in the last place at random."""
    whole = replace(case, eager=False, optimised=True)
    return [
        whole,
        *(replace(whole, name=f"{case.name}.{run}", like=case.name, nudge=run) for run in range(1, RUNS + 1)),
    ]


def within_floor(cases: Sequence[Case], judge: Callable[..., list[str]]) -> dict[str, Found]:
    """Of the cases in which nothing is left beyond the floor, what is left."""
    settled: dict[str, Found] = {}
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        runs: dict[str, list[Case]] = {}
        for case in cases:
            with suppress(ParagoneError):  # it cannot be written, which is no matter of rounding
                several = nudged(case)
                for one in several:
                    prepared(one, folder)
                runs[case.name] = several
        run_all([one.job(folder) for several in runs.values() for one in several], folder)
        for name, (case, *others) in runs.items():
            first = results(folder / name)
            floor = floors(first, [results(folder / one.name) for one in others])
            found = snapped(first, floor)
            if not judge(case, found, folder / name, floor):
                settled[name] = found
    return settled


def floors(first: Found, others: Sequence[Found]) -> dict[str, float]:
    """What each array may be apart: ten times as far as it is moved at most, in any framework."""
    found: dict[str, float] = {}
    for framework, ran in first.items():
        for name, array in ran.arrays.items():
            moved = [other[framework].arrays[name] for other in others if name in other[framework].arrays]
            furthest = max((float(np.abs(one - array).max(initial=0.0)) for one in moved), default=0.0)
            found[name] = max(found.get(name, 0.0), FLOORS * furthest)
    return found


def snapped(found: Found, floor: dict[str, float]) -> Found:
    """Every array that is as near to that of the first framework as rounding brings it, in the place of its own."""
    reference = found[FRAMEWORKS[0]].arrays

    def near(arrays: Arrays) -> Arrays:
        return {name: snap(array, reference.get(name), floor[name]) for name, array in arrays.items()}

    return {framework: replace(ran, arrays=near(ran.arrays)) for framework, ran in found.items()}
