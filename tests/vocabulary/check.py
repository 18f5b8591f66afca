"""Check words of the vocabulary by hand: `python -m tests.vocabulary.check WORD... [--cases N] [--fidelity plain]`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from itertools import combinations
from pathlib import Path

import numpy as np

from paragone.task.graph import entries

from .lab import FRAMEWORKS, Arrays, Case, Ran, run, worst
from .words import drawn, examples

LIMITS = {"forward": 1e-10, "loss": 1e-10, "gradients": 1e-10, "curve": 1e-9, "weights": 1e-9}


def faults(found: dict[str, Ran], limits: Mapping[str, float] = LIMITS) -> list[str]:
    """What keeps the sides of a case from being the same."""
    problems = [f"{name}: {ran.error.strip().splitlines()[-1]}" for name, ran in found.items() if ran.error]
    problems += [f"{name}: {where} is not finite" for name, ran in found.items() for where in not_finite(ran.arrays)]
    for a, b in combinations([name for name in FRAMEWORKS if not found[name].error], 2):
        for prefix, limit in limits.items():
            distance, where = worst(found[a].arrays, found[b].arrays, prefix)
            if not distance <= limit:
                problems.append(f"{a} and {b}: {where} {distance:.1e} apart (limit {limit:g})")
                break
    return problems


def not_finite(arrays: Arrays) -> list[str]:
    """Arrays that prove nothing, because any two such are the same."""
    return [name for name, array in arrays.items() if not np.isfinite(array).all()]


def tested(case: Case) -> str:
    """The layer that a case is about."""
    return next((str(layer) for layer in case.table["model"]["layers"] if layer["name"] == "tested"), "")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--cases", type=int, default=10, help="random configurations of each word")
    parser.add_argument("--fidelity", choices=("plain", "matched"), default="matched")
    parser.add_argument("--keep", type=Path, help="leave the sides and their results here")
    chosen = parser.parse_args()
    cases: list[Case] = []
    for word in chosen.words or entries():
        cases += examples(word) + drawn(word, chosen.cases)
    with tempfile.TemporaryDirectory() as scratch:
        results = run(cases, chosen.keep or Path(scratch), chosen.fidelity)
    bad = 0
    for case in cases:
        found = results[case.name]
        problems = (
            faults(found) if chosen.fidelity == "matched" else [r.error[-300:] for r in found.values() if r.error]
        )
        bad += bool(problems)
        print(f"{'FAULT' if problems else 'ok   '} {case.name} {tested(case)}")
        for problem in problems:
            print(f"      {problem}")
    print(f"{len(cases) - bad} of {len(cases)} cases are fine")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
