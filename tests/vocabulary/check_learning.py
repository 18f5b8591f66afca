"""Check losses, optimizers, schedules and clipping by hand.

`python -m tests.vocabulary.check_learning [WHAT[:WORD]…] [--cases N]`, for example `loss optimizer:adam`.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from .canonical import canonical_faults
from .check import LIMITS, faults
from .lab import Case, Ran, run
from .words_learning import KINDS, drawn, examples


def cases_of(chosen: list[str], count: int) -> list[Case]:
    """The cases that the command line asks for."""
    cases: list[Case] = []
    for text in chosen or list(KINDS):
        what, _, word = text.partition(":")
        for name in [word] if word else KINDS[what][1]:
            cases += examples(what, name) + (drawn(what, name, count) if count else [])
    return cases


def faults_of(case: Case, found: dict[str, Ran], home: Path, floor: Mapping[str, float] | None = None) -> list[str]:
    """What keeps the sides from being the same, and from being the canonical definition.

    Of a side in PyTorch with a step of its own, the gradients are those after clipping.
    """
    limits = {name: limit for name, limit in LIMITS.items() if name != "gradients" or "clipping" not in case.table}
    return [*faults(found, limits), *canonical_faults(case, found, home, floor)]


def _errors(found: dict[str, Ran]) -> list[str]:
    return [ran.error[-300:] for ran in found.values() if ran.error]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--cases", type=int, default=3, help="random configurations of each word")
    parser.add_argument("--fidelity", choices=("plain", "matched"), default="matched")
    parser.add_argument("--keep", type=Path, help="leave the sides and their results here")
    chosen = parser.parse_args()
    cases = cases_of(chosen.words, chosen.cases)
    with tempfile.TemporaryDirectory() as scratch:
        folder = chosen.keep or Path(scratch)
        results = run(cases, folder, chosen.fidelity)
        matched = chosen.fidelity == "matched"
        problems = {
            case.name: faults_of(case, results[case.name], folder / case.name)
            if matched
            else _errors(results[case.name])
            for case in cases
        }
    _tell(cases, problems)


def _tell(cases: list[Case], problems: dict[str, list[str]]) -> None:
    for case in cases:
        print(f"{'FAULT' if problems[case.name] else 'ok   '} {case.name}")
        if problems[case.name]:
            parts = ("loss", "optimizer", "schedule", "clipping")
            print("     ", {part: case.table[part] for part in parts if part in case.table})
        for problem in problems[case.name]:
            print(f"      {problem}")
    bad = sum(bool(found) for found in problems.values())
    print(f"{len(cases) - bad} of {len(cases)} cases are fine")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
