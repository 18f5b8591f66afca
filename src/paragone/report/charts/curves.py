"""Charts over training steps: the loss of each side, and the distance between sides against the floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter, NullLocator

from paragone.report.charts.base import (
    BAND,
    DASHES,
    GRID,
    INK,
    MARKERS,
    MUTED,
    Chart,
    Frame,
    colour,
    drawn,
    placed,
    series_class,
)
from paragone.report.figures import number

_MOST_POINTS = 1_800
_PANEL = 250.0


@dataclass(frozen=True)
class Line:
    """One line over steps.

    Args:
        name: what it is.
        steps: along the axis.
        values: up the axis.
        band: how far noise alone moves each value; empty where it was not measured.
        series: whose colour it has.
        dashed: drawn with dashes and open marks.
    """

    name: str
    steps: tuple[int, ...]
    values: tuple[float, ...]
    band: tuple[float, ...] = ()
    series: int = 0
    dashed: bool = False


@dataclass(frozen=True)
class Panel:
    """One pair of axes with its lines."""

    title: str
    lines: tuple[Line, ...]


def thinned(line: Line, points: int) -> Line:
    """The line with about so many points that a page can carry it; the first and the last stay."""
    stride = -(-len(line.values) // points)
    kept = sorted({*range(0, len(line.values), max(1, stride)), max(0, len(line.values) - 1)})
    return Line(
        line.name,
        tuple(line.steps[place] for place in kept),
        tuple(line.values[place] for place in kept),
        tuple(line.band[place] for place in kept) if len(line.band) == len(line.values) else (),
        line.series,
        line.dashed,
    )


def loss_panels(id_: str, title: str, panels: Sequence[Panel]) -> Chart:
    """The training loss, one panel beside the other, or below it on a phone."""
    points = max(60, _MOST_POINTS // max(1, sum(len(panel.lines) for panel in panels)))
    panels = [Panel(panel.title, tuple(thinned(line, points) for line in panel.lines)) for panel in panels]
    positive = all(
        value > 0 for panel in panels for line in panel.lines for value in line.values if math.isfinite(value)
    )

    def paint(figure: Figure, frame: Frame) -> None:
        for axes, panel in zip(_panels(figure, frame, len(panels)), panels, strict=True):
            axes.set_title(panel.title, fontsize=12.5, loc="left", color=INK, pad=8)
            for line in panel.lines:
                _loss_line(axes, line)
            _loss_axes(axes, positive)
        _share_limits(figure.axes)

    legend = [(f"{series_class(line.series)} d{line.series % len(DASHES)}", line.name) for line in panels[0].lines]
    note = "The shaded band is how far rounding alone moves a curve; where it is not seen it is thinner than the line."
    return drawn(id_, title, paint, heights=(_PANEL + 52, len(panels) * (_PANEL + 20)), legend=legend, note=note)


def _panels(figure: Figure, frame: Frame, count: int) -> list[Axes]:
    if frame.narrow:
        each = frame.height / count
        tops = [place * each for place in range(count)]
        return [placed(figure, frame, (44, top + 28, 10, frame.height - top - each + 46)) for top in tops]
    each = (frame.width - 8) / count
    lefts = [place * each for place in range(count)]
    return [placed(figure, frame, (left + 46, 28, frame.width - left - each + 2, 46)) for left in lefts]


def _loss_line(axes: Axes, line: Line) -> None:
    paint = colour(line.series)
    if line.band:
        low = [value - width for value, width in zip(line.values, line.band, strict=True)]
        high = [value + width for value, width in zip(line.values, line.band, strict=True)]
        axes.fill_between(line.steps, low, high, color=paint, alpha=0.25, linewidth=0)
    axes.plot(line.steps, line.values, color=paint, linewidth=1.1, linestyle=DASHES[line.series % len(DASHES)])


def _loss_axes(axes: Axes, log: bool) -> None:
    if log:
        axes.set_yscale("log")
        axes.yaxis.set_major_locator(LogLocator(base=10, subs=(1, 2, 5), numticks=8))
        axes.yaxis.set_minor_locator(NullLocator())
        axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.set_xlabel("step" if not log else "step (loss on a log axis)", fontsize=12, loc="left")
    _quiet(axes)


def _quiet(axes: Axes) -> None:
    axes.tick_params(labelsize=12, pad=4)
    axes.grid(visible=True, axis="y", color=GRID)
    axes.set_axisbelow(True)
    axes.spines["left"].set_visible(False)


def _share_limits(every: Sequence[Axes]) -> None:
    limits = [axes.get_ylim() for axes in every]
    for axes in every:
        axes.set_ylim(min(low for low, _ in limits), max(high for _, high in limits))


def distance_chart(id_: str, title: str, lines: Sequence[Line], floor: Line | None, tolerance: float | None) -> Chart:
    """How far the weights of two sides are apart over the steps, on log axes, against the floor."""

    def paint(figure: Figure, frame: Frame) -> None:
        axes = placed(figure, frame, (54, 10, 12, 46))
        axes.set_yscale("log")
        axes.set_xscale("log")
        _distance_limits(axes, [*lines, floor] if floor else lines)
        _floor_and_tolerance(axes, floor, tolerance)
        last = max((line.series for line in lines), default=0)
        for line in lines:
            _distance_line(axes, line, extra=last - line.series)
        _distance_axes(axes, frame)

    legend = [(series_class(line.series), line.name) for line in lines if not line.dashed]
    if any(line.dashed for line in lines):
        legend.append(("d1", "dashed: with the causes removed"))
    if floor:
        legend.append(("band", floor.name))
    return drawn(id_, title, paint, heights=(330, 320), legend=legend)


def _distance_line(axes: Axes, line: Line, extra: int) -> None:
    """A line; `extra` makes the earlier ones wider, so that equal ones show beneath each other."""
    paint, marker = colour(line.series), MARKERS[line.series % len(MARKERS)]
    points = [(step, value) for step, value in zip(line.steps, line.values, strict=True) if value > 0 and step > 0]
    if not points:
        return
    steps, values = zip(*points, strict=True)
    style = DASHES[1] if line.dashed else DASHES[0]
    width, size = 1.4 + extra, 5 + 2 * extra
    drawing = axes.plot(steps, values, color=paint, marker=marker, markersize=size, linewidth=width, linestyle=style)[0]
    if line.dashed:
        drawing.set_markerfacecolor("none")


def _floor_and_tolerance(axes: Axes, floor: Line | None, tolerance: float | None) -> None:
    if floor:
        axes.fill_between(floor.steps, floor.values, [1e-300] * len(floor.steps), color=BAND, linewidth=0)
    if tolerance:
        axes.axhline(tolerance, color=MUTED, linewidth=1.0, linestyle=(0, (2, 2)))
        axes.text(
            0.995, tolerance, f"tolerance {number(tolerance)}", transform=axes.get_yaxis_transform(), fontsize=12,
            color=MUTED, ha="right", va="bottom",
        )  # fmt: skip


def _distance_limits(axes: Axes, lines: Sequence[Line]) -> None:
    """Set before anything is drawn: sides that are equal to the last digit have no point on a log axis."""
    shown = [value for line in lines for value in line.values if value > 0 and math.isfinite(value)]
    bottom, top = (min(shown), max(shown)) if shown else (1e-16, 1.0)
    axes.set_ylim(10 ** math.floor(math.log10(bottom) - 0.5), 10 ** math.ceil(math.log10(top) + 0.3))
    if not shown:
        axes.set_xlim(0.9, 1.1 * max((step for line in lines for step in line.steps), default=1))


def _distance_axes(axes: Axes, frame: Frame) -> None:
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
        axis.set_minor_formatter(NullFormatter())
        axis.set_major_formatter(FuncFormatter(lambda value, _: _power(value)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    axes.yaxis.set_major_locator(LogLocator(base=10, numticks=6 if frame.narrow else 8))
    axes.set_xlabel("step (both axes are logarithmic)", fontsize=12, loc="left")
    _quiet(axes)


def _power(value: float) -> str:
    """`10⁻⁹`, for an axis."""
    return number(value).removeprefix("1 × ") if value < 1e-2 else number(value)
