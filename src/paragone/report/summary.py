"""The summary that the terminal shows at the end: what a person understands without the page."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.text import Text

from paragone.measure.precision import FLOAT32
from paragone.records import Run
from paragone.report.phrases import Phrase, listed, plain
from paragone.report.sections.quality import told_misses
from paragone.report.sections.share import told_shares
from paragone.report.speed import standing, told_break_even, tracks
from paragone.report.text import clean, cleaned, shortened
from paragone.report.verdicts import Answer, answers, deployed_alone, timed_alone

LINES, COLUMNS = 25, 100
_LABEL = 16
_LABELS = {
    "Are they the same task?": "Same task?",
    "Why not?": "Why not?",
    "What would part them?": "Would part",
    "And with the causes removed?": "Causes removed",
    "Which is faster?": "Faster",
    "How long does a step take?": "A step",
    "How does the cost grow?": "Cost",
    "What arrives?": "Arrives",
    "Which to choose?": "To choose",
}
_STYLES = {"good": "bold green", "bad": "bold red", "unsure": "bold yellow", "none": "bold"}


def summary_lines(run: Run, folder: Path | None = None) -> list[str]:
    """At most 25 lines of at most 100 columns.

    Args:
        run: the record.
        folder: where the page is; left out where it is not known.
    """
    return [line.plain for line in _lines(run, folder)]


def render_summary(run: Run, console: Console, folder: Path | None = None) -> None:
    """Print the summary; no text of the record is taken for markup."""
    printed(_lines(run, folder), console)


def printed(lines: Iterable[Text], console: Console) -> None:
    """Print lines as they are, whatever the width of the terminal."""
    for line in lines:
        console.print(line, soft_wrap=True, highlight=False)


def _lines(run: Run, folder: Path | None) -> list[Text]:
    """All lines; where they are too many what arrived is told in brief, the last causes are named, then left out."""
    run = cleaned(run)
    causes = max((len(answer.listed) for answer in answers(run)), default=0)
    fewer_told = ((told, causes) for told in range(causes, -1, -1))
    fewer_named = ((0, named) for named in range(causes - 1, -1, -1))
    first = ((causes, causes), False)
    for amount, brief in (first, *((amount, True) for amount in (*fewer_told, *fewer_named))):
        lines = list(_whole(run, folder, amount, brief=brief))
        if len(lines) <= LINES:
            return lines
    return [*lines[: LINES - 2], Text("…"), lines[-1]]


def _whole(run: Run, folder: Path | None, causes: tuple[int, int], *, brief: bool) -> Iterable[Text]:
    """The summary with so many causes told in full, and so many named, and with what arrived in brief."""
    yield from title(run)
    if run.task.precision != FLOAT32:
        yield Text(f"timed in {run.task.precision}")
    yield Text()
    for answer in answers(run):
        short = brief and answer.section == "deployment" and not deployed_alone(run)
        yield from answered(replace(answer, lines=answer.lines[:1]) if short else answer, causes)
        if answer.section == "timing":
            if timed_alone(run):
                yield from _standings(run, "Cold start", "cold start")
                yield from _break_evens(run)
            yield from _standings(run, "Latency", "latency")
            yield from _standings(run, "Throughput", "throughput")
            yield from _standings(run, "Epoch", "epoch")
            yield from _quality(run)
            yield from _shares(run)
            yield from _standings(run, "Memory", "peak memory")
    if folder is not None:
        yield Text()
        yield from labelled("The page", [Text(clean(str(folder / "report.html")))])


def title(run: Run) -> Iterable[Text]:
    """The run and its sides, on one line where letters are not wide."""
    names = listed([side.name for side in run.sides])
    return wrapped(Text(shortened(f"{run.name}: {names}", COLUMNS), style="bold"), 0)


def answered(answer: Answer, causes: tuple[int, int] | None) -> Iterable[Text]:
    """An answer beside its label, with so many causes told in full and so many named; None for the verdict alone."""
    first = Text.assemble((answer.verdict, _STYLES[answer.tone]), ". ")
    sentences = " ".join(map(sentence, answer.lines))
    told = _causes(answer, *causes) if causes else ()
    paragraphs = [first, *told] if answer.listed else [first.append(sentences)]
    if answer.listed and sentences:
        paragraphs.append(Text(sentences))
    yield from labelled(_LABELS[answer.question], paragraphs)


def sentence(phrase: Phrase) -> str:
    """On one line, with a stop at its end."""
    text = " ".join(plain(phrase).split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _causes(answer: Answer, told: int, named: int) -> Iterable[Text]:
    for place, phrase in enumerate(answer.listed[:named]):
        yield Text(f"{place + 1}. {sentence(phrase if place < told else phrase[:1])}")
    left = len(answer.listed) - named
    if left > 0:
        yield Text(f"and {left} more, on the page" if named else f"all {left} are on the page")


def _standings(run: Run, label: str, quantity: str) -> Iterable[Text]:
    """Who needs less of a quantity, track by track."""
    ratios = run.timings.ratios if run.timings else ()
    told = [plain(line) for track in tracks(ratios) if (line := standing(ratios, track, quantity)[1])]
    if told:
        yield from labelled(label, [Text(" ".join(told))])


def _quality(run: Run) -> Iterable[Text]:
    """Who is good enough sooner; where nobody can be compared, why not."""
    told = list(_standings(run, "Time to quality", "time to quality"))
    missed = [] if told or run.timings is None else [plain(line) for line in told_misses(run.timings)]
    yield from told or (labelled("Time to quality", [Text(" ".join(missed))]) if missed else ())


def _shares(run: Run) -> Iterable[Text]:
    told = list(told_shares(run.timings)) if run.timings else []
    if told:
        yield from labelled("Machine used", [Text(" ".join(map(sentence, told[:1])))])


def _break_evens(run: Run) -> Iterable[Text]:
    told = [sentence(told_break_even(one)) for one in (run.timings.break_even if run.timings else ())]
    if told:
        yield from labelled("Break-even", [Text(" ".join(told))])


def labelled(label: str, paragraphs: Iterable[Text]) -> Iterable[Text]:
    """Paragraphs beside their label."""
    rows = [row for paragraph in paragraphs for row in wrapped(paragraph, _LABEL)]
    for place, row in enumerate(rows):
        yield Text.assemble((label if not place else "").ljust(_LABEL), row)


def wrapped(text: Text, indent: int) -> list[Text]:
    """A paragraph in rows that fit behind an indent."""
    measure = Console(file=io.StringIO(), width=COLUMNS)
    rows = list(text.wrap(measure, COLUMNS - indent))
    for row in rows:
        row.rstrip()
    return rows or [Text()]
