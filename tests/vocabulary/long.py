"""The long suite: `python -m tests.vocabulary.long [WORD...] [--cases N]` checks random configurations of every word.

A word is named `gru` or `optimizer:adam`, and a kind of words `loss`. Where none is named, those run that have no row
yet, that are written otherwise since, or that ran with other versions. What was found is kept after a dozen words, in
docs/results/vocabulary.json, and docs/results/vocabulary.md is made from it.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from datetime import date

from .check import tested
from .kinds import Kind, chosen, kinds
from .lab import Case
from .ledger import Row, keep, read_rows, source_of, versions
from .page import write_page
from .suite import KINDS, Verdict, verdicts

SHOWN = 5
"""Faults of a word that its row has in words."""
TOGETHER = 12
"""Words that run in the same processes: importing the frameworks takes as long as a hundred configurations."""


def checked(kind: Kind, words: Sequence[str], count: int) -> Iterator[Row]:
    """Run words of one kind, and make their rows."""
    began = time.monotonic()
    drawn = {word: kind.drawn(word, count) for word in words}
    cases = {word: [*kind.examples(word), *drawn[word]] for word in words}
    found = verdicts([case for word in words for case in cases[word]], kind.judge, bundle=kind.bundle)
    seconds = (time.monotonic() - began) / len(found)
    for word in words:
        own = {case.name: found[case.name] for case in cases[word]}
        bad = [text for case in cases[word] for text in _told(case, own[case.name])]
        yield Row(
            kind.name,
            word,
            configurations=len(own),
            distinct=len(drawn[word]) == count,
            faulty=sum(bool(verdict.faults) for verdict in own.values()),
            faults=tuple(bad[:SHOWN]),
            apart={part: max(verdict.apart[part] for verdict in own.values()) for part in KINDS},
            seconds=round(seconds * len(own), 1),
            date=date.today().isoformat(),
            source=source_of(kind, word),
            versions=versions(),
            floored=sum(verdict.floored for verdict in own.values()),
        )


def _told(case: Case, verdict: Verdict) -> list[str]:
    parts = ("loss", "optimizer", "schedule", "clipping")
    about = tested(case) or str({part: case.table[part] for part in parts if part in case.table})
    return [f"{case.name} {about}: {fault}" for fault in verdict.faults]


def stale(row: Row | None, kind: Kind, word: str, count: int) -> bool:
    """Whether a word has no row that still holds."""
    if row is None or row.source != source_of(kind, word) or row.versions != versions():
        return True
    return row.configurations < count and row.distinct


def portions(names: list[str], count: int) -> Iterator[tuple[Kind, list[str]]]:
    """Words of one kind that run together: those that are named, or all that are stale."""
    rows, todo = read_rows(), dict[str, list[str]]()
    for kind, word in chosen(names):
        if names or stale(rows.get((kind.name, word)), kind, word, count):
            todo.setdefault(kind.name, []).append(word)
    for name, words in todo.items():
        for start in range(0, len(words), TOGETHER):
            yield kinds()[name], words[start : start + TOGETHER]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("words", nargs="*", help="only these, whether they are stale or not")
    parser.add_argument("--cases", type=int, default=200, help="random configurations of each word")
    asked = parser.parse_args()
    unknown = [name for name in asked.words if not list(chosen([name]))]
    if unknown:
        parser.error(
            f"there is no word {', '.join(unknown)}; a word is named like gru, loss:huber, or loss for all losses"
        )
    for kind, words in portions(asked.words, asked.cases):
        for row in checked(kind, words, asked.cases):
            keep(row)
            apart = ", ".join(f"{part} {distance:.1e}" for part, distance in row.apart.items() if distance)
            head = f"{row.kind} {row.word}: {row.configurations} configurations, {row.verdict}"
            print(f"{head}; {apart}; {row.seconds:.0f} s", *row.faults, sep="\n    ", flush=True)
    write_page()
    raise SystemExit(1 if any(row.faulty for row in read_rows().values()) else 0)


if __name__ == "__main__":
    main()
