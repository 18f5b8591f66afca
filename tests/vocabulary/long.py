"""The long suite: `python -m tests.vocabulary.long [WORD...] [--cases N]` checks random configurations of every word.

It writes docs/results/vocabulary.md: for each word how many configurations agreed, and how far apart they were at most.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from paragone.task.graph import entries

from .check import faults, tested
from .lab import FRAMEWORKS, Case, Ran, run, worst
from .results import write_results
from .words import drawn, examples

BATCH = 60


def portions(cases: list[Case]) -> Iterator[list[Case]]:
    for start in range(0, len(cases), BATCH):
        yield cases[start : start + BATCH]


def farthest(found: dict[str, Ran], prefix: str) -> float:
    pairs = combinations([name for name in FRAMEWORKS if not found[name].error], 2)
    return max((worst(found[a].arrays, found[b].arrays, prefix)[0] for a, b in pairs), default=float("inf"))


def checked(word: str, count: int) -> tuple[str, list[str]]:
    """A row of the table, and the faults."""
    cases = examples(word) + drawn(word, count)
    bad: list[str] = []
    forward = gradients = 0.0
    for portion in portions(cases):
        with tempfile.TemporaryDirectory() as scratch:
            results = run(portion, Path(scratch))
        for case in portion:
            found = results[case.name]
            bad += [f"{case.name} {tested(case)}: {fault}" for fault in faults(found)]
            forward = max(forward, farthest(found, "forward"))
            gradients = max(gradients, farthest(found, "gradients"))
    verdict = "all agree" if not bad else f"{len(bad)} faults"
    return f"| `{word}` | {len(cases)} | {verdict} | {forward:.1e} | {gradients:.1e} |", bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only these")
    parser.add_argument("--cases", type=int, default=200)
    chosen = parser.parse_args()
    began, rows, bad = time.monotonic(), [], []
    for word in chosen.words or entries():
        row, faulty = checked(word, chosen.cases)
        rows.append(row)
        bad += faulty
        print("\n".join([row, *faulty]), flush=True)
    if not chosen.words:
        hours = (time.monotonic() - began) / 3600
        about = (
            f"`make vocabulary CASES={chosen.cases}`, {hours:.1f} hours. Each word's examples and as many random "
            "configurations (fewer where the word has no more), `matched`, float64, the same canonical weights; the "
            "largest relative distance between any two frameworks. The limit is 1e-10 for forward and gradients, "
            "1e-9 for the weights after three steps."
        )
        head = ("word", "configurations", "verdict", "forward", "gradients")
        write_results("vocabulary", "The long suite of the vocabulary", about, head, rows)
    raise SystemExit(1 if bad else 0)


if __name__ == "__main__":
    main()
