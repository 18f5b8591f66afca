"""Adafactor over every layer with weights: its steps depend on which axes of a kernel are the last two.

`python -m tests.vocabulary.kernels [WORD...] [--cases N]`: examples and random configurations of layers, 60 steps.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

from paragone.task.graph import entries

from .check import tested
from .lab import Case, run
from .words import drawn, examples
from .zoo import faults

STEPS = 60
OPTIMIZER = {"kind": "adafactor", "learning_rate": 0.02, "beta_2_decay": -0.7, "epsilon_1": 1e-8}
"""With an epsilon that keeps gradients that are zero but for rounding from being blown up (row E23)."""


def with_adafactor(case: Case) -> Case:
    """The same model, trained with Adafactor."""
    return replace(case, name=f"{case.name}_adafactor", table={**case.table, "optimizer": OPTIMIZER}, steps=STEPS)


def has_kernel(case: Case) -> bool:
    """Whether the layer that the case is about has a weight with rows and columns."""
    nodes = [node for node in case.checked().graph.nodes if node.name == "tested"]
    return any(len(weight.shape) > 1 for node in nodes for weight in node.weights)


def cases_of(word: str, count: int) -> list[Case]:
    """The examples of a layer with kernels, and random configurations."""
    return [with_adafactor(case) for case in (*examples(word), *drawn(word, count)) if has_kernel(case)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--cases", type=int, default=0)
    chosen = parser.parse_args()
    cases = [case for word in chosen.words or entries() for case in cases_of(word, chosen.cases)]
    with tempfile.TemporaryDirectory() as scratch:
        results = run(cases, Path(scratch))
    bad = {case.name: faults(results[case.name]) for case in cases}
    for case in cases:
        verdict = "FAULT" if bad[case.name] else "ok   "
        print("\n      ".join([f"{verdict} {case.name} {tested(case)}", *bad[case.name]]))
    raise SystemExit(1 if any(bad.values()) else 0)


if __name__ == "__main__":
    main()
