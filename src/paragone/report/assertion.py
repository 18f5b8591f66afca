"""What a failed `paragone.assert_same` says: the verdict, every cause, the lines to change; plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from paragone.records import Fix, Run
from paragone.report.phrases import plain
from paragone.report.text import cleaned
from paragone.report.verdicts import Answer, CauseGroup, answers, cause_line, grouped_causes, hunks_of

_COLUMNS = 100


def failure_text(run: Run, folder: Path | None = None) -> str:
    """The whole text.

    Args:
        run: the record of the proof.
        folder: where the page is; left out where it is not kept.
    """
    return "\n".join(line.rstrip() for line in _lines(cleaned(run), folder))


def _lines(run: Run, folder: Path | None) -> Iterator[str]:
    found = {answer.question: answer for answer in answers(run)}
    yield from _answer("Same task?", found["Are they the same task?"])
    if (why := found.get("Why not?")) is not None:
        yield ""
        yield from _answer("Why not?", why)
        for number, group in enumerate(grouped_causes(run.proof) if run.proof else (), start=1):
            yield from _cause(number, group)
    if (corrected := found.get("And with the causes removed?")) is not None:
        yield ""
        yield from _answer("With the causes removed?", corrected)
    yield ""
    yield from _rest(run, folder)


def _answer(label: str, answer: Answer) -> Iterator[str]:
    sentences = " ".join(plain(line) for line in answer.lines)
    yield from textwrap.wrap(f"{label} {answer.verdict}. {sentences}", _COLUMNS)


def _cause(number: int, group: CauseGroup) -> Iterator[str]:
    yield from textwrap.wrap(
        f"{number}. {plain(cause_line(number, group))}", _COLUMNS, initial_indent="  ", subsequent_indent="     "
    )
    worth = dict.fromkeys(cause.effect.text for _, cause in group.found if cause.effect and cause.effect.text)
    for text in worth:
        yield from textwrap.wrap(text, _COLUMNS, initial_indent="     ", subsequent_indent="     ")
    for fix in group.fixes():
        yield from _fix(fix)


def _fix(fix: Fix) -> Iterator[str]:
    for hunk in hunks_of(fix):
        yield f"     {fix.file}, line {hunk.line}:" if hunk.line else f"     {fix.file}:"
        yield from (f"       - {line}" for line in hunk.text.splitlines())
        yield from (f"       + {line}" for line in hunk.replacement.splitlines())
    if fix.adds:
        yield f"       and {len(fix.adds.splitlines())} more lines, which are in the patch"
    if fix.note:
        yield from textwrap.wrap(f"({fix.note})", _COLUMNS, initial_indent="       ", subsequent_indent="       ")


def _rest(run: Run, folder: Path | None) -> Iterator[str]:
    yield f"To see it again: {run.reproduce.command}"
    if folder is not None:
        yield f"The page: {folder / 'report.html'}"
