"""Charts over sizes: marks with their intervals, and the line that was fitted through them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from paragone.report.charts.base import (
    DASHES,
    GRID,
    MARKERS,
    MUTED,
    Chart,
    Frame,
    colour,
    drawn,
    placed,
    series_class,
)

_WIDE_RANGE = 16.0
"""Sizes that are a larger factor apart than this need a logarithmic axis: on another the small ones are one place."""
_MOST_LABELS = {False: 14, True: 6}
_NOTE = "Upright lines are intervals over the sets of fresh processes; where none is seen the mark hides it."


@dataclass(frozen=True)
class Point:
    """One size, with the interval of its value."""

    size: float
    mid: float
    low: float
    high: float


@dataclass(frozen=True)
class Swept:
    """One contender, or one pair.

    Args:
        name: for the legend.
        points: ascending.
        series: whose colour, mark and dashes it has.
        line: what was fitted: its value at a size; None joins the marks.
    """

    name: str
    points: tuple[Point, ...]
    series: int = 0
    line: Callable[[float], float] | None = None


def growth_chart(
    id_: str,
    title: str,
    every: Sequence[Swept],
    *,
    axis: str,
    write: Callable[[float], str],
    one: bool = False,
    whole: bool = False,
    note: str = _NOTE,
) -> Chart:
    """Values over sizes.

    Args:
        id_: unique in the page.
        title: what is shown.
        every: the curves.
        axis: what the sizes are.
        write: a value as text.
        one: mark the value 1, at which two are equally fast.
        whole: the axis holds the intervals, and not the values alone.
        note: what the upright lines are.
    """
    sizes = sorted({point.size for swept in every for point in swept.points})
    wide_range = sizes[-1] >= _WIDE_RANGE * sizes[0]

    def paint(figure: Figure, frame: Frame) -> None:
        axes = placed(figure, frame, (64, 12, 14, 46))
        _scales(axes, every, log_sizes=wide_range, log_values=wide_range or one, whole=whole)
        for swept in every:
            _curve(axes, swept)
        if one:
            axes.axhline(1.0, color=MUTED, linewidth=1.0, linestyle=(0, (2, 2)))
        _axes(axes, sizes, write, frame, one=one)
        scales = "both axes are logarithmic" if wide_range else "upright logarithmic" if one else "from zero"
        axes.set_xlabel(f"{axis} ({scales})", fontsize=12, loc="left")

    legend = [(f"{series_class(one.series)} d{one.series % len(DASHES)}", one.name) for one in every]
    return drawn(id_, title, paint, heights=(340, 320), legend=legend, note=note)


def _scales(axes: Axes, every: Sequence[Swept], *, log_sizes: bool, log_values: bool, whole: bool) -> None:
    points = [point for swept in every for point in swept.points]
    if log_sizes:
        axes.set_xscale("log")
    if log_values:
        axes.set_yscale("log")
        ends = [end for point in points for end in ((point.low, point.high) if whole else (point.mid,))]
        axes.set_ylim(min(ends) / 1.6, max(ends) * 1.6)
    else:
        axes.set_ylim(0.0, 1.15 * max(point.high if whole else point.mid for point in points))


def _curve(axes: Axes, swept: Swept) -> None:
    """Marks with their intervals on a line: the fitted one, or one that joins them."""
    paint, style = colour(swept.series), DASHES[swept.series % len(DASHES)]
    places = [point.size for point in swept.points]
    for point in swept.points:
        axes.plot((point.size, point.size), (max(point.low, 1e-300), point.high), color=paint, linewidth=1.6)
    mids = [point.mid for point in swept.points]
    marker = MARKERS[swept.series % len(MARKERS)]
    axes.plot(places, mids, color=paint, marker=marker, markersize=6, linewidth=0)
    if swept.line is None:
        axes.plot(places, mids, color=paint, linewidth=1.2, linestyle=style)
        return
    steps = [places[0] * (places[-1] / places[0]) ** (place / 60) for place in range(61)]
    axes.plot(steps, [swept.line(size) for size in steps], color=paint, linewidth=1.2, linestyle=style)


def _axes(axes: Axes, sizes: Sequence[float], write: Callable[[float], str], frame: Frame, *, one: bool) -> None:
    stride = -(-len(sizes) // _MOST_LABELS[frame.narrow])
    axes.xaxis.set_major_locator(FixedLocator(sizes[::stride]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}"))
    if axes.get_yscale() == "log":
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5) if one else (1, 3), numticks=9))
    else:
        axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
    axes.tick_params(labelsize=12, pad=4)
    axes.grid(visible=True, axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)
