"""Check losses, optimizers, schedules and clipping by hand.

`python -m tests.vocabulary.check_learning [WHAT[:WORD]…] [--cases N]`, for example `loss optimizer:adam`.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from .check import faults
from .lab import Case, run
from .words_learning import KINDS, drawn, examples


def cases_of(chosen: list[str], count: int) -> list[Case]:
    """The cases that the command line asks for."""
    cases: list[Case] = []
    for text in chosen or list(KINDS):
        what, _, word = text.partition(":")
        for name in [word] if word else KINDS[what][1]:
            cases += examples(what, name) + (drawn(what, name, count) if count else [])
    return cases


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--cases", type=int, default=3, help="random configurations of each word")
    parser.add_argument("--fidelity", choices=("plain", "matched"), default="matched")
    parser.add_argument("--keep", type=Path, help="leave the sides and their results here")
    chosen = parser.parse_args()
    cases = cases_of(chosen.words, chosen.cases)
    with tempfile.TemporaryDirectory() as scratch:
        results = run(cases, chosen.keep or Path(scratch), chosen.fidelity)
    bad = 0
    for case in cases:
        found = results[case.name]
        problems = (
            faults(found) if chosen.fidelity == "matched" else [r.error[-300:] for r in found.values() if r.error]
        )
        bad += bool(problems)
        print(f"{'FAULT' if problems else 'ok   '} {case.name}")
        if problems:
            print(
                "     ",
                {key: case.table[key] for key in ("loss", "optimizer", "schedule", "clipping") if key in case.table},
            )
        for problem in problems:
            print(f"      {problem}")
    print(f"{len(cases) - bad} of {len(cases)} cases are fine")
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
