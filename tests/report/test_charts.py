from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import matplotlib as mpl
import pytest

from paragone.report.charts import Chart
from paragone.report.charts.curves import Line, Panel, distance_chart, loss_panels, thinned
from paragone.report.charts.rows import Bar, Row, interval_rows, ratio_rows, stacked_bars
from paragone.report.figures import number

CHARTS: dict[str, Callable[[], Chart]] = {
    "ratios": lambda: ratio_rows("c", "Ratios", [Row("a ÷ b", 2.0, 1.9, 2.1, band=(0.97, 1.03))], "ratio"),
    "ratios far apart": lambda: ratio_rows("c", "R", [Row("x", 900.0, 800.0, 1e3), Row("y", 0.01, 0.009, 0.01)], "r"),
    "intervals": lambda: interval_rows("c", "Steps", [Row("a", 1.0, 0.9, 1.1, series=0)], axis="s", write=number),
    "equal dots": lambda: interval_rows(
        "c", "D", [Row("a", None, dots=(0.5, 0.5))], axis="s", write=number, from_zero=False
    ),
    "bars": lambda: stacked_bars("c", "Phases", [Bar("a", (1.0, 2.0))], ["one", "two"], axis="s", write=number),
    "empty bars": lambda: stacked_bars("c", "Phases", [Bar("a", (0.0, 0.0))], ["one", "two"], axis="s", write=number),
    "losses": lambda: loss_panels("c", "L", [Panel("as written", (Line("a", (1, 2), (2.0, 1.0), (0.1, 0.1)),))]),
    "negative losses": lambda: loss_panels("c", "L", [Panel("as written", (Line("a", (1, 2), (-2.0, 1.0)),))]),
    "distances": lambda: distance_chart(
        "c", "D", [Line("a", (1, 500), (1e-15, 0.02)), Line("b", (1, 500), (0.0, 0.0), dashed=True)],
        Line("floor", (1, 500), (1e-16, 1e-15)), 1e-9,
    ),
    "distances of nothing": lambda: distance_chart("c", "D", [Line("a", (1,), (0.0,))], None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_the_same_each_time_at_both_widths(name: str) -> None:
    chart, again = CHARTS[name](), CHARTS[name]()

    assert chart == again
    for text in (chart.wide, chart.narrow):
        assert ElementTree.fromstring(text).get("aria-label") == chart.title
        assert "#0" not in text.replace('"#c-', "")


def test_a_chart_ignores_the_settings_of_its_user() -> None:
    before = CHARTS["intervals"]()
    with mpl.rc_context({"font.size": 30, "axes.facecolor": "red", "svg.fonttype": "path"}):
        assert CHARTS["intervals"]() == before


def test_ids_of_two_charts_do_not_meet() -> None:
    ids = [
        element.get("id")
        for prefix in ("one", "two")
        for chart in [ratio_rows(prefix, "Ratios", [Row("a", 2.0, 1.9, 2.1)], "ratio")]
        for text in (chart.wide, chart.narrow)
        for element in ElementTree.fromstring(text).iter()
        if element.get("id")
    ]

    assert ids
    assert len(ids) == len(set(ids))


def test_names_are_text_and_not_formulas() -> None:
    chart = ratio_rows("c", "R", [Row("$x^2$ <b> & 'q'", 2.0, 1.9, 2.1)], "ratio")

    assert "$x^2$ <b> & 'q'" in [element.text for element in ElementTree.fromstring(chart.wide).iter()]


def test_a_long_line_keeps_its_ends() -> None:
    line = thinned(Line("a", tuple(range(1, 10_001)), tuple(float(step) for step in range(10_000))), 400)

    assert len(line.values) < 500
    assert (line.steps[0], line.steps[-1]) == (1, 10_000)
