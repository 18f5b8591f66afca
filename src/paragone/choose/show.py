"""A choice as the terminal shows it."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterator, Sequence

from paragone.choose.wording import either, often
from paragone.errors import printable
from paragone.records import Choice

_WIDEST = 120


def lines(choice: Choice, width: int = 0) -> Iterator[str]:
    """The choice in lines: the answer, who could be chosen, why, and what would change it.

    Args:
        choice: the record.
        width: of a line; 0 for that of the terminal.
    """
    wide = min(_WIDEST, width or shutil.get_terminal_size().columns)
    titles = {one.name: one.title for one in choice.options}
    answer = either(titles.get(name, name) for name in choice.winners) or choice.verdict.capitalize()
    yield from _wrapped([f"{answer}, for “{choice.profile}”: {choice.description}"], wide, "")
    yield ""
    yield from _options(choice, wide)
    groups = (
        ("Because", choice.because),
        ("What would change it", (*choice.flips, *choice.best_case)),
        ("Not weighed", choice.not_weighed),
        ("Evidence", [f"{one.id}: {one.what}, {one.made or 'day unknown'}" for one in choice.sources]),
    )
    for title, sentences in groups:
        if sentences:
            yield ""
            yield title
            yield from _wrapped(sentences, wide, "- ")


def _options(choice: Choice, wide: int) -> Iterator[str]:
    places = {one.side: one for one in choice.ranking}
    broad = max((len(one.title) for one in choice.options), default=0)
    order = sorted(choice.options, key=lambda one: -places[one.name].score.mid if one.name in places else 1)
    for one in order:
        place = places.get(one.name)
        told = f"first in {often(place.p_best)}, score {place.score.mid:.3f}" if place else f"{one.status}: {one.why}"
        mark = "✓" if one.name in choice.winners else " " if place else "✗"
        text = printable(f"{mark} {one.title:<{broad}}  {told}".replace("\n", " "))
        yield from textwrap.wrap(text, wide, subsequent_indent=" " * (broad + 4), drop_whitespace=True)


def _wrapped(sentences: Sequence[str], wide: int, mark: str) -> Iterator[str]:
    for sentence in sentences:
        text = printable(sentence).replace("\n", " ")
        yield from textwrap.wrap(text, wide, initial_indent=mark, subsequent_indent=" " * len(mark))
