"""Sentences with figures in them; each figure knows the samples that it was computed from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_UNIT = r"(?:\s?(?:×\s10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|×|%|points?|times|ms|µs|us|ns|s|KiB|MiB|GiB|bytes|tokens)(?![\w-]))?"
_FIGURE = re.compile(rf"(?<![\w.\-+])([−+±-]?\d[\d,]*(?<!,)(?:\.\d+)?(?:e[+-]?\d+)?{_UNIT})(?![\w-])(?!\.\d)")


@dataclass(frozen=True)
class Figure:
    """A printed number and the sheet of samples behind it."""

    text: str
    sheet: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Link:
    """A text that leads to another place of the page."""

    text: str
    target: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Source:
    """A text that leads to a page elsewhere, which is asked for only where somebody follows it."""

    text: str
    url: str

    def __str__(self) -> str:
        return self.text


Phrase = tuple[str | Figure | Link | Source, ...]


def linked(text: str, sheet: str) -> Phrase:
    """A sentence written elsewhere, with every number in it tied to one sheet of samples."""
    pieces = _FIGURE.split(text)
    return tuple(Figure(piece, sheet) if place % 2 else piece for place, piece in enumerate(pieces) if piece)


def plain(phrase: Phrase) -> str:
    """A phrase as text."""
    return "".join(map(str, phrase))


def listed(words: Sequence[str]) -> str:
    """`a, b and c`."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def joined(phrases: Iterable[Phrase], between: str) -> Phrase:
    """Phrases one after the other."""
    whole: list[str | Figure | Link | Source] = []
    for phrase in phrases:
        whole.extend([between, *phrase] if whole else phrase)
    return tuple(whole)


def listed_phrases(phrases: Sequence[Phrase]) -> Phrase:
    """`a, b and c`, of phrases."""
    if len(phrases) < 2:
        return joined(phrases, "")
    return (*joined(phrases[:-1], ", "), " and ", *phrases[-1])


def capitalised(text: str) -> str:
    """The first letter large, the rest untouched."""
    return text[:1].upper() + text[1:]
