"""What a sheet of samples is, and how much of it fits in a page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from paragone.records import Run
from paragone.report.figures import exact
from paragone.report.text import anchor

_PER_ROW = 10
_TENSOR_ROWS, _CURVE_VALUES, _BLOCK_VALUES = 3_000, 10_000, 12_000


@dataclass(frozen=True)
class Table:
    """Rows of texts under their headings."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


@dataclass(frozen=True)
class Sheet:
    """The values behind some numbers of the page.

    Args:
        key: the end of its anchor, which is `samples-` and the key.
        title: what was measured.
        tables: the values.
        note: how they lead to the printed number.
    """

    key: str
    title: str
    tables: tuple[Table, ...]
    note: str = ""


@dataclass(frozen=True)
class Group:
    """Sheets of one stage."""

    title: str
    sheets: tuple[Sheet, ...]


@dataclass(frozen=True)
class Limits:
    """How many values a sheet may show, so that the page stays small whatever the number of sides."""

    tensors: int
    curve: int
    blocks: int

    @classmethod
    def of(cls, run: Run) -> Limits:
        """Share the room of a page among what this run has."""
        proof, timings = run.proof, run.timings
        rungs = sum(len(pair.rungs) for pair in (*proof.pairs, *proof.corrected)) if proof else 0
        curves = sum(1 + bool(curve.band) for curve in proof.curves) if proof else 0
        timed = [of_set for one in timings.contenders for of_set in one.sets] if timings else []
        sets = sum(1 + len(of_set.inference) for of_set in timed)
        sets += sum(len(size.processes) for one in run.sweep.growth for size in one.sizes) if run.sweep else 0
        return cls(
            tensors=_share(_TENSOR_ROWS, rungs, 1, 40),
            curve=_share(_CURVE_VALUES, curves, 20, 2_000),
            blocks=_share(_BLOCK_VALUES, sets, 10, 400),
        )


def _share(total: int, among: int, least: int, most: int) -> int:
    return max(least, min(most, total // max(1, among)))


def key(*parts: object) -> str:
    """The key of the sheet about these things."""
    return anchor(*parts)


def series(values: Sequence[float], limit: int, counted: str, caption: str = "") -> Table:
    """A long row of numbers, ten to a line; thinned evenly where it is longer than the limit."""
    stride = -(-len(values) // limit) if len(values) > limit else 1
    kept = [(place + 1, values[place]) for place in range(0, len(values), stride)]
    rows = [kept[start : start + _PER_ROW] for start in range(0, len(kept), _PER_ROW)]
    if stride > 1:
        caption = f"{caption} (one in {stride} of {len(values):,} values; all of them are in run.json)".strip()
    return Table((counted, "values"), tuple(_series_row(row) for row in rows), caption)


def _series_row(row: Sequence[tuple[int, float]]) -> tuple[str, str]:
    first, last = row[0][0], row[-1][0]
    places = f"{first}" if first == last else f"{first} to {last}"
    return places, "  ".join(exact(value) for _, value in row)


def cut(rows: Iterable[tuple[str, ...]], limit: int) -> tuple[tuple[tuple[str, ...], ...], str]:
    """The first rows, and what to say about the rest."""
    every = tuple(rows)
    left = len(every) - limit
    return every[:limit], f"{left:,} more in run.json" if left > 0 else ""
