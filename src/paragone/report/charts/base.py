"""How a chart is drawn: matplotlib's object interface, its defaults and nothing of the user's, colours as classes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from paragone.report.charts.svg import for_page
from paragone.report.text import shortened

INK, MUTED, GRID, PAPER, BAND = "#010101", "#020202", "#030303", "#040404", "#050505"
SERIES = tuple(f"#0600{place:02x}" for place in range(8))
PHASES = tuple(f"#0700{place:02x}" for place in range(6))
DASHES: tuple[tuple[int, tuple[float, ...] | None], ...] = (
    (0, None),
    (0, (5, 2)),
    (0, (1.5, 1.5)),
    (0, (7, 2, 1.5, 2)),
)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "h")
_CLASSES = {
    INK: "ink",
    MUTED: "muted",
    GRID: "grid",
    PAPER: "paper",
    BAND: "band",
    **{colour: f"s{place}" for place, colour in enumerate(SERIES)},
    **{colour: f"p{place}" for place, colour in enumerate(PHASES)},
}
_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "paragone",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 12.0,
    "axes.edgecolor": MUTED,
    "axes.labelcolor": MUTED,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "axes.facecolor": "none",
    "figure.facecolor": "none",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.major.size": 0.0,
    "ytick.major.size": 0.0,
    "xtick.minor.size": 0.0,
    "ytick.minor.size": 0.0,
    "lines.solid_capstyle": "butt",
}
LABEL_WIDTH = 34


@dataclass(frozen=True)
class Frame:
    """The size of a drawing, in CSS pixels at its natural size."""

    width: float
    height: float
    narrow: bool


@dataclass(frozen=True)
class Chart:
    """A chart for the page: the drawing for wide and for narrow screens, and how its colours are told apart.

    Args:
        id: unique in the page.
        title: what it shows.
        wide: for screens from about 700 px, and for paper.
        narrow: for phones.
        legend: class of the swatch and its meaning.
        note: how to read it.
    """

    id: str
    title: str
    wide: Markup
    narrow: Markup
    legend: tuple[tuple[str, str], ...] = ()
    note: str = ""


Painter = Callable[[Figure, Frame], None]
WIDE, NARROW = 720.0, 320.0


def drawn(
    id_: str,
    title: str,
    painter: Painter,
    *,
    heights: tuple[float, float],
    legend: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> Chart:
    """Draw a chart at both widths; `heights` are the wide and the narrow one's."""
    wide = _svg(id_, title, painter, Frame(WIDE, heights[0], narrow=False))
    narrow = _svg(id_, title, painter, Frame(NARROW, heights[1], narrow=True))
    return Chart(id_, title, wide, narrow, tuple(legend), note)


def _svg(id_: str, title: str, painter: Painter, frame: Frame) -> Markup:
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        figure = Figure(figsize=(frame.width / 72, frame.height / 72), dpi=72)
        painter(figure, frame)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    name = "narrow" if frame.narrow else "wide"
    # The text is cleaned by ElementTree: nothing of it is written but elements, attributes and escaped text.
    return Markup(for_page(buffer.getvalue(), f"{id_}-{name}", _CLASSES, f"chart {name}", title))


def placed(figure: Figure, frame: Frame, margins: tuple[float, float, float, float]) -> Axes:
    """Axes with margins in pixels: left, top, right, bottom."""
    left, top, right, bottom = margins
    width, height = frame.width, frame.height
    return figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - top - bottom) / height)
    )


def series_class(place: int) -> str:
    """The class of the swatch of the series at this place."""
    return f"s{place % len(SERIES)}"


def colour(place: int) -> str:
    """The colour of the series at this place."""
    return SERIES[place % len(SERIES)]


def label(text: str) -> str:
    """A name short enough for a chart."""
    return shortened(text, LABEL_WIDTH)
