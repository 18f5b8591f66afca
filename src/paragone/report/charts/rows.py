"""Charts of rows: a label, and beside it a mark with its interval, or a bar. The label stands above its row."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

from paragone.report.charts.base import (
    BAND,
    GRID,
    INK,
    MARKERS,
    MUTED,
    PAPER,
    PHASES,
    Chart,
    Frame,
    colour,
    drawn,
    label,
    placed,
)
from paragone.report.figures import number

_ROW, _TOP, _BOTTOM = 46.0, 6.0, 40.0
_FACTORS = (1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 300, 1_000, 10_000)


@dataclass(frozen=True)
class Row:
    """One row.

    Args:
        label: what it is.
        mid: the mark; None draws none.
        low: the low end of the interval.
        high: its high end.
        dots: single values.
        series: whose colour and marker it has; None is plain ink.
        band: a shaded stretch, such as what could not have been seen.
    """

    label: str
    mid: float | None
    low: float | None = None
    high: float | None = None
    dots: tuple[float, ...] = ()
    series: int | None = None
    band: tuple[float, float] | None = None


@dataclass(frozen=True)
class Bar:
    """One stacked bar."""

    label: str
    stretches: tuple[float, ...] = field(default_factory=tuple)


Writer = Callable[[float], str]


def ratio_rows(id_: str, title: str, rows: Sequence[Row], axis: str) -> Chart:
    """Ratios as intervals on a logarithmic axis around 1."""

    def paint(figure: Figure, frame: Frame) -> None:
        axes = _axes(figure, frame, len(rows), axis)
        values = [math.log(value) for row in rows for value in _span(row) if value > 0 and math.isfinite(value)]
        below, above = _reach(values)
        axes.set_xscale("log")
        axes.set_xlim(math.exp(-below), math.exp(above))
        _ratio_ticks(axes, below, above, gap=(below + above) / (4.5 if frame.narrow else 8))
        axes.axvline(1.0, color=INK, linewidth=1.0, zorder=1)
        _marks(axes, rows)

    return drawn(id_, title, paint, heights=_heights(len(rows)))


def _span(row: Row) -> list[float]:
    return [value for value in (row.mid, row.low, row.high, *row.dots, *(row.band or ())) if value is not None]


def _reach(logs: Sequence[float]) -> tuple[float, float]:
    """How far the axis goes to both sides of 1: as far as the values, and never much less than to the other side."""
    below, above = max([-log for log in logs] + [0.0]), max([*logs, 0.0])
    least = max(0.3 * max(below, above), math.log(1.03))
    return 1.1 * max(below, least), 1.1 * max(above, least)


def _ratio_ticks(axes: Axes, below: float, above: float, gap: float) -> None:
    """Ticks at round factors and at their inverses, at least `gap` apart on the axis."""
    ticks, last = [1.0], 0.0
    for factor in _FACTORS:
        log = math.log(factor)
        if log - last >= gap and log <= max(below, above):
            ticks += [tick for tick, fits in ((factor, log <= above), (1 / factor, log <= below)) if fits]
            last = log
    axes.xaxis.set_major_locator(FixedLocator(sorted(ticks)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{number(value, 3 if 0.9 < value < 1.1 else 2)}×"))


def interval_rows(
    id_: str, title: str, rows: Sequence[Row], *, axis: str, write: Writer, from_zero: bool = True
) -> Chart:
    """Values as marks with intervals on a linear axis, from zero unless said otherwise."""

    def paint(figure: Figure, frame: Frame) -> None:
        axes = _axes(figure, frame, len(rows), axis)
        values = [value for row in rows for value in _span(row) if math.isfinite(value)] or [1.0]
        low, high = (0.0 if from_zero else min(values)), max(values)
        margin = 0.06 * ((high - low) or abs(high) or 1.0)
        axes.set_xlim(low - (0.0 if from_zero else margin), high + margin)
        _linear_ticks(axes, frame, write)
        _marks(axes, rows)

    return drawn(id_, title, paint, heights=_heights(len(rows)))


def stacked_bars(id_: str, title: str, bars: Sequence[Bar], names: Sequence[str], *, axis: str, write: Writer) -> Chart:
    """Bars from zero, each made of the same stretches in the same order."""

    def paint(figure: Figure, frame: Frame) -> None:
        axes = _axes(figure, frame, len(bars), axis)
        axes.set_xlim(0, 1.04 * max([sum(bar.stretches) for bar in bars] + [1e-12]))
        _linear_ticks(axes, frame, write)
        for place, bar in enumerate(bars):
            _stack(axes, len(bars) - 1 - place, bar)

    legend = [(f"p{place}", name) for place, name in enumerate(names)]
    return drawn(id_, title, paint, heights=_heights(len(bars)), legend=legend)


def _stack(axes: Axes, y: int, bar: Bar) -> None:
    start = 0.0
    for place, length in enumerate(bar.stretches):
        axes.barh(
            y - 0.1, length, left=start, height=0.4, color=PHASES[place], edgecolor=PAPER, linewidth=1.0, zorder=3
        )
        start += length
    _label(axes, y, bar.label)


def _heights(rows: int) -> tuple[float, float]:
    height = rows * _ROW + _TOP + _BOTTOM
    return height, height


def _axes(figure: Figure, frame: Frame, rows: int, axis: str) -> Axes:
    axes = placed(figure, frame, (8, _TOP, 16, _BOTTOM))
    axes.set_ylim(-0.55, rows - 0.45)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(axis, fontsize=12, loc="left", labelpad=5)
    axes.tick_params(labelsize=12, pad=4)
    axes.grid(visible=True, axis="x", color=GRID)
    axes.set_axisbelow(True)
    return axes


def _linear_ticks(axes: Axes, frame: Frame, write: Writer) -> None:
    axes.xaxis.set_major_locator(MaxNLocator(4 if frame.narrow else 7, steps=[1, 2, 5, 10]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))


def _marks(axes: Axes, rows: Sequence[Row]) -> None:
    for place, row in enumerate(rows):
        _mark(axes, len(rows) - 1 - place, row)


def _mark(axes: Axes, y: int, row: Row) -> None:
    paint = MUTED if row.series is None else colour(row.series)
    marker = "o" if row.series is None else MARKERS[row.series % len(MARKERS)]
    height = y - 0.14
    if row.band:
        axes.fill_betweenx([y - 0.42, y + 0.14], *row.band, color=BAND, linewidth=0, zorder=1)
    if row.low is not None and row.high is not None:
        axes.plot([row.low, row.high], [height, height], color=paint, linewidth=1.0 if row.dots else 2.4, zorder=3)
    if row.dots:
        axes.plot(
            row.dots, [height] * len(row.dots), "o", color=paint, markersize=7, alpha=0.45, zorder=3, markeredgewidth=0
        )
    if row.mid is not None:
        axes.plot([row.mid], [height], marker, color=paint, markersize=9, zorder=4, markeredgecolor=PAPER)
    _label(axes, y, row.label)


def _label(axes: Axes, y: int, text: str) -> None:
    axes.text(0.0, y + 0.24, label(text), transform=axes.get_yaxis_transform(), fontsize=12.5, color=INK, va="center")
