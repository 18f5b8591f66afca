"""What the templates are given: phrases in tables, nothing left to decide."""

from __future__ import annotations

from dataclasses import dataclass

from paragone.records import Run
from paragone.report.phrases import Figure, Phrase


@dataclass(frozen=True)
class TableView:
    """A table of phrases; the first cell of each row is its heading."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Phrase, ...], ...]


def cell(text: str, sheet: str = "") -> Phrase:
    """A cell with one text, tied to a sheet of samples where one is named."""
    return (Figure(text, sheet),) if sheet else (text,)


def places(run: Run) -> dict[str, int]:
    """The place of each side, which gives it its colour and its mark in every chart."""
    return {side.name: place for place, side in enumerate(run.sides)}
