"""Random configurations, written `plain`: every side must run and train, in its framework's default precision.

`python -m tests.vocabulary.plain [WORD... | WHAT:WORD...] [--cases N] [--dtype float64]`, for example
`conv loss:huber optimizer:adam`.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from paragone.task.graph import entries

from . import words, words_learning
from .lab import Case, Ran, run

STEPS = 3


def all_words() -> list[str]:
    """The layers by their names, the words of learning as `what:name`."""
    learning = [f"{what}:{name}" for what, (_, table, _) in words_learning.KINDS.items() for name in table]
    return [*entries(), *learning]


def cases_of(word: str, count: int, start: int = 0) -> list[Case]:
    """Random configurations of a word, from number `start` of its fixed sequence on."""
    what, _, name = word.rpartition(":")
    count += start
    found = words_learning.drawn(what, name, count) if what else words.drawn(name, count)
    return [replace(case, steps=STEPS) for case in found[start:]]


def problems(found: dict[str, Ran]) -> list[str]:
    """Sides that did not run, and numbers that are none."""
    said = [f"{name}: {ran.error.strip().splitlines()[-1]}" for name, ran in found.items() if ran.error]
    for name, ran in found.items():
        bad = [key for key, array in ran.arrays.items() if not np.isfinite(array).all()]
        said += [f"{name}: {bad[0]} is not finite"] if bad else []
    return said


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--cases", type=int, default=5, help="random configurations of each word")
    parser.add_argument("--dtype", choices=("float32", "float64"), default="float32")
    chosen = parser.parse_args()
    cases = [case for word in chosen.words or all_words() for case in cases_of(word, chosen.cases)]
    with tempfile.TemporaryDirectory() as scratch:
        results = run(cases, Path(scratch), "plain", chosen.dtype)
    bad = {case.name: problems(results[case.name]) for case in cases}
    for case in cases:
        if bad[case.name]:
            print("\n      ".join([f"FAULT {case.name} {case.table}", *bad[case.name]]))
    print(f"{sum(not found for found in bad.values())} of {len(cases)} plain cases run and train")
    raise SystemExit(1 if any(bad.values()) else 0)


if __name__ == "__main__":
    main()
