"""Charts of spans: a label, and below it a line for each series, from its typical to its rare value, on a log axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

from paragone.report.charts.base import (
    DASHES,
    GRID,
    INK,
    MARKERS,
    PAPER,
    Chart,
    Frame,
    colour,
    drawn,
    label,
    placed,
    series_class,
)

_LABEL, _LINE, _GAP = 24.0, 17.0, 10.0
_TOP, _BOTTOM = 6.0, 40.0
_MOST_TICKS = {False: 8, True: 4}
_SUBS = ((1, 2, 5), (1, 3), (1,))


@dataclass(frozen=True)
class Span:
    """A mark at `low`, and a line that ends at `high`; `series` is whose colour, marker and dashes it has."""

    low: float
    high: float
    series: int = 0


@dataclass(frozen=True)
class Group:
    """What stands below one label."""

    label: str
    spans: tuple[Span, ...]


def span_groups(
    id_: str, title: str, groups: Sequence[Group], names: Sequence[str], *, axis: str, write: Callable[[float], str]
) -> Chart:
    """Spans on a logarithmic axis.

    Args:
        id_: unique in the page.
        title: what is shown.
        groups: from above to below.
        names: of the series, by their place.
        axis: what the values are.
        write: a value as text.
    """
    height = sum(_LABEL + _LINE * len(group.spans) + _GAP for group in groups)

    def paint(figure: Figure, frame: Frame) -> None:
        axes = placed(figure, frame, (8, _TOP, 16, _BOTTOM))
        axes.set_ylim(height, 0)
        _scale(axes, groups, frame, write)
        top = 0.0
        for group in groups:
            top = _group(axes, top, group)
        axes.set_xlabel(axis, fontsize=12, loc="left", labelpad=5)

    used = sorted({span.series for group in groups for span in group.spans})
    legend = [(f"{series_class(place)} d{place % len(DASHES)}", names[place]) for place in used]
    whole = height + _TOP + _BOTTOM
    return drawn(id_, title, paint, heights=(whole, whole), legend=legend if len(used) > 1 else ())


def _group(axes: Axes, top: float, group: Group) -> float:
    """One label with its spans; gives where the next one begins."""
    axes.text(
        0.0, top + _LABEL / 2, label(group.label), transform=axes.get_yaxis_transform(), fontsize=12.5, color=INK,
        va="center",
    )  # fmt: skip
    for place, span in enumerate(group.spans):
        y, paint = top + _LABEL + _LINE * (place + 0.5), colour(span.series)
        axes.plot(
            [span.low, span.high], [y, y], color=paint, linewidth=2.0, zorder=3,
            linestyle=DASHES[span.series % len(DASHES)],
        )  # fmt: skip
        axes.plot([span.high], [y], "|", color=paint, markersize=10, markeredgewidth=2.0, zorder=3)
        marker = MARKERS[span.series % len(MARKERS)]
        axes.plot([span.low], [y], marker, color=paint, markersize=8, zorder=4, markeredgecolor=PAPER)
    return top + _LABEL + _LINE * len(group.spans) + _GAP


def _scale(axes: Axes, groups: Sequence[Group], frame: Frame, write: Callable[[float], str]) -> None:
    ends = [end for group in groups for span in group.spans for end in (span.low, span.high)]
    low, high = min(ends), max(ends)
    margin = max(0.05 * math.log(high / low), math.log(1.1))
    axes.set_xscale("log")
    axes.set_xlim(low * math.exp(-margin), high * math.exp(margin))
    axes.xaxis.set_major_locator(FixedLocator(_ticks(*axes.get_xlim(), _MOST_TICKS[frame.narrow])))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.tick_params(labelsize=12, pad=4)
    axes.grid(visible=True, axis="x", color=GRID)
    axes.set_axisbelow(True)
    axes.yaxis.set_visible(False)
    axes.spines["left"].set_visible(False)


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round values inside the axis, as close together as there is room for; the ends of a power where there is none."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for subs in _SUBS:
        found = [sub * 10.0**decade for decade in decades for sub in subs if low <= sub * 10.0**decade <= high]
        if len(found) <= most:
            return found
    return found[:: -(-len(found) // most)]
