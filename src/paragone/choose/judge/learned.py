"""Findings from what there is to learn: concepts, edits and tracebacks, Keras on TensorFlow beside PyTorch.

All of them are proxies. A count is smaller than another where it is so although either may be a tenth off, since
another person would have written the sides, or chosen the mistakes, otherwise: an assumption, and no measurement.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from statistics import median

from paragone.choose.evidence import Evidence
from paragone.choose.judge.code import SPREAD
from paragone.choose.judge.pairs import TENSORFLOW, TITLES, TORCH
from paragone.choose.learning import LEARNING
from paragone.records.claim import Answer, Finding, Printed
from paragone.records.learning import Learning, Told

PACKAGES = ("tensorflow", "keras", "torch")
"""What a traceback is made by."""


def all_concepts(evidence: Evidence) -> Iterator[Finding]:
    """For, where all ready tasks together take certainly fewer concepts of PyTorch."""
    for record in _records(evidence):
        last = len(record.tasks) - 1
        ours, theirs = (
            _sum({f"tasks[{last}].sides[{at}].n_so_far": record.tasks[last].sides[at].n_so_far}) for at in _both(record)
        )
        tasks = _count(f"tasks[{place}]" for place in range(len(record.tasks)))
        yield _finding(
            "how many concepts all ready tasks take",
            f"to finish all {tasks.text} ready tasks takes {ours.text} concepts of {TITLES[TENSORFLOW]} and "
            f"{theirs.text} of {TITLES[TORCH]}",
            (ours, theirs, tasks),
        )


def first_concepts(evidence: Evidence) -> Iterator[Finding]:
    """For, where the first ready task takes certainly fewer concepts of PyTorch."""
    for record in _records(evidence):
        first = record.tasks[0]
        ours, theirs = (_sum({f"tasks[0].sides[{at}].n_concepts": first.sides[at].n_concepts}) for at in _both(record))
        yield _finding(
            "how many concepts the first ready task takes",
            f"the first ready task, {first.task}, takes {ours.text} concepts of {TITLES[TENSORFLOW]} and "
            f"{theirs.text} of {TITLES[TORCH]}",
            (ours, theirs),
        )


def edited_tokens(evidence: Evidence) -> Iterator[Finding]:
    """For, where typical changes of requirement certainly change fewer tokens in PyTorch."""
    for record in _records(evidence):
        ours, theirs = (
            _sum({f"edits[{place}].sides[{at}].n_tokens": edit.sides[at].n_tokens
                  for place, edit in enumerate(record.edits)})
            for at in _both(record)
        )  # fmt: skip
        edits = _count(f"edits[{place}]" for place in range(len(record.edits)))
        yield _finding(
            "how many tokens go or come where a requirement changes",
            f"{edits.text} typical changes of requirement change {ours.text} tokens in {TITLES[TENSORFLOW]} and "
            f"{theirs.text} in {TITLES[TORCH]}",
            (ours, theirs, edits),
        )


def errors_told(evidence: Evidence) -> Iterator[Finding]:
    """For, where certainly more mistakes end with an error in PyTorch; of those that both leave room for."""
    for record in _records(evidence):
        rows = {place: told for place, told in _mistakes(record).items() if _possible(*told)}
        ours, theirs = (
            _count(_place(record, place, at) for place, told in rows.items() if told[at].outcome == "error")
            for at in range(2)
        )
        planted = _count(f"mistakes[{place}]" for place in rows)
        yield _finding(
            "how many planted mistakes end with an error",
            f"of {planted.text} planted mistakes that can be made in both, {ours.text} end with an error in "
            f"{TITLES[TENSORFLOW]} and {theirs.text} in {TITLES[TORCH]}",
            (theirs, ours, planted),
            record,
        )


def traceback_lines(evidence: Evidence) -> Iterator[Finding]:
    """For, where tracebacks are certainly shorter in PyTorch; of the mistakes that end with an error in both."""
    for record in _records(evidence):
        if rows := _failed(record):
            ours, theirs = (
                _median({f"{_place(record, place, at)}.n_lines": told[at].n_lines for place, told in rows.items()})
                for at in range(2)
            )
            tried = _count(f"mistakes[{place}]" for place in rows)
            yield _finding(
                "how long the tracebacks of planted mistakes are",
                f"of {tried.text} planted mistakes that end with an error in both, the median traceback has "
                f"{ours.text} lines in {TITLES[TENSORFLOW]} and {theirs.text} in {TITLES[TORCH]}",
                (ours, theirs, tried),
                record,
            )


def shown_lines(evidence: Evidence) -> Iterator[Finding]:
    """For, where certainly more tracebacks of PyTorch show the line of the mistake; of errors in both."""
    for record in _records(evidence):
        if rows := _failed(record):
            ours, theirs = (
                _count(_place(record, place, at) for place, told in rows.items() if told[at].shows_line)
                for at in range(2)
            )
            tried = _count(f"mistakes[{place}]" for place in rows)
            yield _finding(
                "how many tracebacks show the line of the mistake",
                f"of {tried.text} planted mistakes that end with an error in both, the traceback shows the line of the "
                f"mistake in {ours.text} in {TITLES[TENSORFLOW]} and in {theirs.text} in {TITLES[TORCH]}",
                (theirs, ours, tried),
                record,
            )


def _records(evidence: Evidence) -> tuple[Learning, ...]:
    return () if evidence.learning is None else (evidence.learning,)


def _both(record: Learning) -> tuple[int, int]:
    """Where both stand among the sides, which have the same order everywhere."""
    order = [side.framework for side in record.tasks[0].sides]
    return order.index(TENSORFLOW), order.index(TORCH)


def _mistakes(record: Learning) -> dict[int, tuple[Told, Told]]:
    """What became of each mistake in both, by its place."""
    ours, theirs = _both(record)
    return {place: (one.sides[ours], one.sides[theirs]) for place, one in enumerate(record.mistakes)}


def _place(record: Learning, place: int, at: int) -> str:
    return f"mistakes[{place}].sides[{_both(record)[at]}]"


def _possible(*told: Told) -> bool:
    return all(one.outcome != "cannot be made" for one in told)


def _failed(record: Learning) -> dict[int, tuple[Told, Told]]:
    return {place: told for place, told in _mistakes(record).items() if all(one.outcome == "error" for one in told)}


def _sum(values: dict[str, int]) -> Printed:
    return Printed(text=str(sum(values.values())), evidence=LEARNING, places=tuple(values), how="sum")


def _median(values: dict[str, int]) -> Printed:
    return Printed(text=f"{median(values.values()):g}", evidence=LEARNING, places=tuple(values), how="median")


def _count(places: Iterable[str]) -> Printed:
    found = tuple(places)
    return Printed(text=str(len(found)), evidence=LEARNING, places=found, how="count")


def _finding(asks: str, text: str, printed: tuple[Printed, ...], record: Learning | None = None) -> Finding:
    """For, where the first of the printed numbers is certainly larger than the second.

    Args:
        asks: the question.
        text: the answer, with these numbers.
        printed: all of them, the two that decide first.
        record: where it rests on what the installed versions say.
    """
    more, less = (float(one.text) for one in printed[:2])
    answer: Answer = "for" if more > less * SPREAD else "against" if less > more * SPREAD else "open"
    packages = record.machine.packages if record else {}
    return Finding(
        asks=asks,
        answer=answer,
        text=f"{text} ({LEARNING}, a proxy)",
        evidence=(LEARNING,),
        printed=printed,
        proxy=True,
        rests_on={name: packages[name] for name in PACKAGES if name in packages},
    )
