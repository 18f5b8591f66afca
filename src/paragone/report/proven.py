"""What the terminal shows after a proof: the verdict, where the sides part, every cause with its worth and its fix."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from paragone.records import Fix, Hunk, Pair, Proof, Run
from paragone.report.phrases import listed
from paragone.report.summary import answered, labelled, printed, sentence, title, wrapped
from paragone.report.text import clean, cleaned, shortened
from paragone.report.verdicts import CauseGroup, answers, cause_line, grouped_causes, hunks_of

COLUMNS = 100
_INDENT, _DEEPER = 4, 6
_HUNKS, _ROWS = 4, 12
_QUESTIONS = {"Are they the same task?", "Why not?", "And with the causes removed?"}
_STYLES = {"-": "red", "+": "green"}


def proof_lines(run: Run, folder: Path | None = None) -> list[str]:
    """Lines of at most 100 columns; lines of the user's files are longer where they are.

    Args:
        run: the record of a proof.
        folder: where the page is; left out where it is not known.
    """
    return [line.plain for line in _lines(cleaned(run), folder)]


def render_proof(run: Run, console: Console, folder: Path | None = None) -> None:
    """Print them; no text of the record is taken for markup."""
    printed(_lines(cleaned(run), folder), console)


def _lines(run: Run, folder: Path | None) -> Iterator[Text]:
    yield from title(run)
    yield Text()
    proof = run.proof
    found = {answer.question: answer for answer in answers(run) if answer.question in _QUESTIONS}
    if proof is not None and proof.verdict == "same":
        found.pop("And with the causes removed?", None)
    for question, answer in found.items():
        counted = question == "Why not?" and bool(answer.listed)
        yield from answered(replace(answer, lines=()) if counted else answer, None)
        if question == "Are they the same task?" and proof is not None:
            yield from _places(proof)
        if counted and proof is not None:
            yield from _causes(proof)
            yield from _unexplained(proof)
    if proof is not None:
        yield from _left(proof)
    if folder is not None:
        yield Text()
        yield from labelled("The page", [Text(clean(str(folder / "report.html")))])


# ---------------------------------------------------------------------- where they part


def _places(proof: Proof) -> Iterable[Text]:
    """The first place of every pair where they part, one under the other."""
    told = [Text(_place(pair, alone=len(proof.pairs) == 1)) for pair in proof.pairs if pair.located]
    return labelled("Part first", told) if told else ()


def _place(pair: Pair, *, alone: bool) -> str:
    assert pair.located is not None
    of = "" if alone else f"{pair.a} with {pair.b}, "
    return f"{of}{pair.located.rung}: {sentence((pair.located.text,))}"


def _unexplained(proof: Proof) -> Iterable[Text]:
    """What is left of each pair once its causes are removed, and where, if that is another place than the first."""
    told = []
    for pair in proof.pairs:
        if pair.unexplained:
            of = "" if len(proof.pairs) == 1 else f"{pair.a} with {pair.b}: "
            text = sentence((f"{of}{pair.unexplained}",))
            if pair.left and pair.left.text and pair.left.text != (pair.located.text if pair.located else ""):
                text = f"{text} {sentence((pair.left.text,))}"
            told.append(Text(text))
    return labelled("Unexplained", told) if told else ()


def _left(proof: Proof) -> Iterable[Text]:
    """What cannot be written into the files, where no fix has said so."""
    left = proof.patch.left if proof.patch else ()
    said = {cause.fix.note for pair in proof.pairs for cause in pair.causes if cause.fix}
    told = [Text(sentence((one,))) for one in left if not any(one.partition(": ")[2] in note for note in said)]
    return labelled("No exact edit", told) if told else ()


# ---------------------------------------------------------------------- causes


def _causes(proof: Proof) -> Iterator[Text]:
    yield Text()
    for number, group in enumerate(grouped_causes(proof), start=1):
        head = f"{number}."
        rows = wrapped(Text(sentence(cause_line(number, group)), style="bold"), _INDENT)
        for row_number, row in enumerate(rows):
            yield Text.assemble(("" if row_number else head).ljust(_INDENT), row)
        yield from _indented(_worth(group))
        for fix in group.fixes():
            yield from fix_rows(fix)
        yield Text()


def _worth(group: CauseGroup) -> str:
    """What the cause is worth; pairs in which it is worth the same are told once."""
    told: dict[str, list[str]] = {}
    for pair, cause in group.found:
        if cause.effect and cause.effect.text:
            told.setdefault(cause.effect.text, []).append(f"{pair.a} with {pair.b}")
    heads = {text: listed(pairs) if len(told) > 1 else "Worth" for text, pairs in told.items()}
    return " ".join(sentence((f"{head}: {text}",)) for text, head in heads.items())


def _indented(text: str) -> Iterator[Text]:
    if text:
        for row in wrapped(Text(text), _INDENT):
            yield Text.assemble(" " * _INDENT, row)


def fix_rows(fix: Fix) -> Iterator[Text]:
    """The lines of a fix, as a diff, each with the number of the line where it begins."""
    hunks = hunks_of(fix)
    for hunk in hunks[:_HUNKS]:
        yield from _indented(f"{fix.file}, line {hunk.line}:" if hunk.line else f"{fix.file}:")
        yield from _diff("-", hunk.text)
        yield from _diff("+", hunk.replacement)
    yield from _indented(_besides(fix, hunks[_HUNKS:]))


def _diff(sign: str, text: str) -> Iterator[Text]:
    rows = text.splitlines()
    for row in rows[:_ROWS]:
        yield Text(f"{' ' * _DEEPER}{sign} {row}", style=_STYLES[sign])
    if len(rows) > _ROWS:
        yield Text(f"{' ' * _DEEPER}{sign} … {len(rows) - _ROWS} more lines", style=_STYLES[sign])


def _besides(fix: Fix, unshown: Sequence[Hunk]) -> str:
    """What is left to say of a fix: places that are not shown, what the file needs besides, and why it is not exact."""
    told = []
    if unshown:
        told.append(f"And in the same way at line {listed([str(hunk.line) for hunk in unshown])}.")
    if fix.adds:
        told.append(f"The file needs besides: {_first_lines(fix.adds)} (on the page, and in the patch).")
    if fix.note:
        told.append(sentence((f"({fix.note})",)))
    return " ".join(told)


def _first_lines(adds: str) -> str:
    """The imports, classes and functions among what a file needs, by their first lines."""
    heads = [row for row in adds.splitlines() if row.startswith(("import ", "from ", "class ", "def "))]
    return listed([shortened(f"`{row.rstrip(':')}`", COLUMNS) for row in heads]) or "more lines"
