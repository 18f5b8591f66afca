"""The plot of the scoreboard: a row a tool, false alarms beside what was seen, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.scoreboard.ledger import Row
from benchmarks.scoreboard.page import OURS, Reading, alarms, planted_shares, readings, seen
from benchmarks.scoreboard.rates import Rate
from benchmarks.scoreboard.tool import Tool

COLOUR, OUR_COLOUR = "#6b7280", "#0f62fe"


def save_plot(rows: Sequence[Row], tools: dict[str, Tool], path: Path) -> None:
    """Write the plot as SVG; the same rows give the same file."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    shown = readings(rows, tools)
    panels = [("identical programs called different", [alarms(rows, one) for one in shown])]
    for share in planted_shares(rows):
        panels.append((f"{100 * share:g} % more steps called slower", [seen(rows, one, share) for one in shown]))
    with mpl.rc_context({"svg.hashsalt": "scoreboard", "svg.fonttype": "path", "font.size": 9}):
        figure = Figure(figsize=(3.4 + 2.6 * len(panels), 1.2 + 0.36 * len(shown)), layout="constrained")
        axes = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axis, (title, rates) in zip(axes, panels, strict=True):
            _panel(axis, title, shown, rates)
        axes[0].set_yticks(range(len(shown)), [f"{tools[tool].title}\n{rule}" for tool, rule in shown], fontsize=7)
        axes[0].invert_yaxis()
        figure.savefig(path, format="svg", metadata={"Date": None})


def _panel(axis: Any, title: str, shown: Sequence[Reading], rates: Sequence[Rate]) -> None:
    """One panel: a dot and an interval for each tool, and how many trials they rest on."""
    for place, (reading, rate) in enumerate(zip(shown, rates, strict=True)):
        if not rate.of:
            continue
        colour = OUR_COLOUR if reading[0] == OURS else COLOUR
        low, high = rate.interval
        axis.plot([100 * low, 100 * high], [place, place], color=colour, lw=2.2, solid_capstyle="round")
        axis.plot([100 * rate.count / rate.of], [place], "o", color=colour, ms=6)
        axis.text(103, place, f"{rate.count}/{rate.of}", va="center", fontsize=7, color=colour)
    axis.set(title=title, xlim=(-3, 120), xticks=range(0, 101, 25), xlabel="% of trials, 95 % interval")
    axis.title.set_fontsize(9)
    axis.spines[["top", "right"]].set_visible(False)
    axis.grid(axis="x", color="#e5e7eb", lw=0.6)
    axis.set_axisbelow(True)
