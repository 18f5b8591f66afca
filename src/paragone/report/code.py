"""Code with its syntax coloured, cut into the stretches that correspond across sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from paragone.records import Part
from paragone.report.text import anchor

ALL_LINES = 4_000
_CONTEXT = 12


@dataclass(frozen=True)
class Line:
    """One line of code: its number, its coloured text, the numbers of the causes whose fix it is."""

    number: int
    html: Markup
    causes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """Lines that belong to the same parts.

    Args:
        parts: slugs of the parts, separated by spaces; empty where the lines belong to none.
        label: what the part is, on the stretch that begins it.
        lines: the lines.
        skipped: how many lines before this stretch are left out of the page.
    """

    parts: str
    label: str
    lines: tuple[Line, ...]
    skipped: int = 0


@dataclass(frozen=True)
class Listing:
    """A piece of code; the id of a line is `prefix` and its number."""

    prefix: str
    stretches: tuple[Stretch, ...]
    left_out: int = 0
    digits: int = field(default=1)


def listing(code: str, prefix: str, parts: Sequence[Part], marks: dict[int, list[int]], among: int) -> Listing:
    """Colour code and cut it into stretches.

    Args:
        code: the text of the file.
        prefix: of the lines' ids.
        parts: stretches that mean something, by line.
        marks: numbers of causes, by line.
        among: how many sides share the room for code in the page.
    """
    coloured = _coloured(code)
    shown = _shown(len(coloured), parts, marks, ALL_LINES // max(1, among))
    stretches: list[Stretch] = []
    before = 0
    for slugs, numbers in _runs(shown, parts):
        lines = tuple(Line(number, coloured[number - 1], tuple(marks.get(number, ()))) for number in numbers)
        starts = [part.label or part.id for part in parts if part.first_line == numbers[0]]
        stretches.append(Stretch(slugs, ", ".join(starts), lines, skipped=numbers[0] - before - 1))
        before = numbers[-1]
    return Listing(prefix, tuple(stretches), len(coloured) - before, len(str(max(1, len(coloured)))))


def _coloured(code: str) -> list[Markup]:
    lexer = PythonLexer(stripnl=False, ensurenl=True)
    html = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return [Markup(line) for line in html.removesuffix("\n").split("\n")]


def _shown(total: int, parts: Sequence[Part], marks: dict[int, list[int]], room: int) -> list[int]:
    """The numbers of the lines to show: all, or those near a part where the file is too long for a page."""
    if total <= room:
        return list(range(1, total + 1))
    near = {
        line
        for first, last in [*((part.first_line, part.last_line) for part in parts), *((mark, mark) for mark in marks)]
        for line in range(max(1, first - _CONTEXT), min(total, last + _CONTEXT) + 1)
    }
    return sorted(near)[:room] if near else list(range(1, room + 1))


def _runs(shown: Sequence[int], parts: Sequence[Part]) -> Iterator[tuple[str, list[int]]]:
    """Consecutive lines with the same parts."""

    def belonging(number: int) -> str:
        slugs = (anchor(part.id) for part in parts if part.first_line <= number <= part.last_line)
        return " ".join(dict.fromkeys(slugs))

    starts = {part.first_line for part in parts}
    cuts = 0
    keyed: list[tuple[tuple[int, str], int]] = []
    for place, number in enumerate(shown):
        if number in starts or (place and shown[place - 1] != number - 1):
            cuts += 1
        keyed.append(((cuts, belonging(number)), number))
    for (_, slugs), group in groupby(keyed, key=lambda one: one[0]):
        yield slugs, [number for _, number in group]
