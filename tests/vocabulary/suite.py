"""Runs many cases in few processes: in bundles where they can share a model, and judges each by itself."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from paragone.errors import ParagoneError

from .bundle import bundled, parted, whole
from .check import faults
from .floor import within_floor
from .lab import FRAMEWORKS, Case, Ran, prepared, results, run_all, worst

SIZE = 25
"""Branches of a bundle."""
PROCESSES = 2
KINDS = ("forward", "loss", "gradients", "weights")
Found = dict[str, Ran]
Judge = Callable[..., list[str]]
"""What is wrong with a case, of what was found, in its folder; the last argument is the floor, where it is known."""


@dataclass(frozen=True)
class Verdict:
    """What is known of a case.

    Args:
        faults: what keeps its sides from being the same.
        apart: by kind of array, the largest distance between any two frameworks.
        floored: some of it is no further apart than rounding alone moves each framework.
    """

    faults: tuple[str, ...]
    apart: dict[str, float]
    floored: bool = False


def verdicts(cases: Sequence[Case], judge: Judge, *, bundle: bool = True) -> dict[str, Verdict]:
    """By its name, the verdict on each case.

    What differs is run again as everyone runs it, in a graph and optimised: XLA without its optimisations makes faults
    of its own. It gives NaN for the gradient of a maximum over what it computes twice (0.10.2). What differs then is
    held against what rounding alone does.
    """
    size = SIZE if bundle else 1
    known = _settled(cases, judge, size)
    doubted = [case for case in cases if known[case.name].faults and not case.optimised]
    known |= _settled([replace(case, eager=False, optimised=True) for case in doubted], judge, size)
    near = within_floor([case for case in cases if known[case.name].faults], judge)
    return known | {name: replace(_verdict([], found), floored=True) for name, found in near.items()}


def _settled(cases: Sequence[Case], judge: Judge, size: int) -> dict[str, Verdict]:
    """Run cases in portions, and parts of portions, until there is a verdict on each."""
    queue = [group for alike in _alike(cases) for group in _portions(alike, size)]
    known: dict[str, Verdict] = {}
    while queue:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            groups = [_grouped(group, f"group_{number}") for number, group in enumerate(queue)]
            run_all([case.job(folder) for case in groups if _written(case, folder)], folder, PROCESSES)
            queue = [half for case in groups for half in _judged(case, folder, judge, known)]
    return known


def _alike(cases: Sequence[Case]) -> list[list[Case]]:
    """Cases of which the same is asked."""
    found: dict[Any, list[Case]] = {}
    for case in cases:
        found.setdefault((case.asked, case.eager, case.steps), []).append(case)
    return list(found.values())


def _portions(cases: list[Case], size: int) -> list[list[Case]]:
    return [cases[start : start + size] for start in range(0, len(cases), size)]


def _grouped(cases: list[Case], name: str) -> Case:
    return cases[0] if len(cases) == 1 else bundled(cases, name)


def _written(case: Case, folder: Path) -> bool:
    """Write the sides; what cannot be written is an error of every framework."""
    try:
        prepared(case, folder)
    except ParagoneError as error:
        home = folder / case.name
        home.mkdir(exist_ok=True)
        for framework in FRAMEWORKS:
            (home / f"{framework}.error").write_text(str(error))
        return False
    return True


def _judged(case: Case, folder: Path, judge: Judge, known: dict[str, Verdict]) -> list[list[Case]]:
    """Note the verdicts of a case or of a bundle's branches; the parts of a bundle that must be run again.

    An error is everyone's, and a sum that is off may be anyone's: then the halves are run. A branch that is off by
    itself spoils the sum for the others, which are run again without it.
    """
    found, home = results(folder / case.name), folder / case.name
    if not case.parts:
        known[case.name] = _verdict(judge(case, found, home), found)
        return []
    branches = {framework: parted(case, ran) for framework, ran in found.items()}
    ones = [{framework: branches[framework][place] for framework in FRAMEWORKS} for place in range(len(case.parts))]
    sums = {framework: whole(ran) for framework, ran in found.items()}
    fresh = [_verdict(judge(part, one, home), one) for part, one in zip(case.parts, ones, strict=True)]
    bad, good = (
        [(part, verdict) for part, verdict in zip(case.parts, fresh, strict=True) if bool(verdict.faults) is faulty]
        for faulty in (True, False)
    )
    spoilt = bool(faults(sums, _shared(len(case.parts))))
    if any(ran.error for ran in found.values()) or (spoilt and not bad):
        half = len(case.parts) // 2
        return [list(case.parts[:half]), list(case.parts[half:])]
    loss = 0.0 if spoilt else _verdict([], sums).apart["loss"]
    settled = bad if spoilt else [*bad, *good]
    known |= {part.name: replace(verdict, apart={**verdict.apart, "loss": loss}) for part, verdict in settled}
    return [[part for part, _ in good]] if spoilt and good else []


def _shared(branches: int) -> dict[str, float]:
    """The limits for a sum over so many branches."""
    return {"loss": 1e-10 / branches, "curve": 1e-9 / branches}


def _verdict(problems: list[str], found: Found) -> Verdict:
    pairs = list(combinations([ran.arrays for ran in found.values() if not ran.error], 2))
    apart = {kind: max((worst(a, b, kind)[0] for a, b in pairs), default=0.0) for kind in KINDS}
    return Verdict(tuple(problems), apart)
