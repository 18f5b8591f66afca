from __future__ import annotations

import pytest

from paragone.measure.sets import Contender
from paragone.report.growth import faster, grown
from paragone.report.page import render_page
from paragone.report.phrases import plain
from paragone.report.summary import summary_lines
from paragone.workers.spawn import WorkerSpec

from .html_tree import Element, parse
from .sample_sweep import SIZES, swept, swept_run
from .test_page import FIGURE


def contenders(*sides: str) -> list[Contender]:
    return [Contender(side, "idiomatic", WorkerSpec(side, "torch", "")) for side in sides]


@pytest.fixture(scope="module")
def page() -> Element:
    return parse(render_page(swept_run(failed="keras_side")))


def test_the_summary_says_who_is_faster_where_and_what_a_step_costs() -> None:
    text = " ".join(" ".join(summary_lines(swept_run())).split())
    assert "Faster It depends on the batch size." in text
    assert "Below batch size 330 (256 to 1,024) torch_side is ahead, above it keras_side" in text
    assert "Cost Along a line. keras_side: each step costs 9" in text
    assert "before any work is done" in text
    assert "not proven to be the same task" in text


def test_a_page_of_a_sweep_has_its_section_and_none_of_one_size(page: Element) -> None:
    ids = [element.attributes.get("id") for element in page.find_all(tag="section")]
    assert "growth" in ids
    assert not {"timing", "phases", "memory", "ladder", "choice"} & set(ids)


def test_every_link_resolves_and_every_number_leads_to_its_samples(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.elements() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    links = {element.attributes["href"] for element in page.elements() if "href" in element.attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    for element, text in page.find(id="growth").texts():
        if "n" not in element.classes and element.tag in ("li", "td"):
            assert not FIGURE.search(text), text


def test_a_failure_at_one_size_is_told_and_no_line_of_it_is_lost(page: Element) -> None:
    text = page.find(id="growth").text()
    assert "keras_side failed at batch size 4,096: keras_side: out of memory" in text
    assert "it failed at 4,096" in text


def test_charts_show_every_size_with_its_table(page: Element) -> None:
    section = page.find(id="growth")
    assert {"chart-sweep-idiomatic", "chart-sweep-ratio-idiomatic"} <= {
        element.attributes.get("id") for element in section.elements()
    }
    rows = [
        element.text().strip() for element in section.find_all(tag="th") if element.attributes.get("scope") == "row"
    ]
    assert rows == [f"{size:,}" for size in SIZES] * 2


def test_one_side_alone_has_a_curve_and_no_order() -> None:
    run = swept_run(1)
    assert run.sweep is not None
    assert faster(run.sweep)[0] == "Not measured"
    text = " ".join(summary_lines(run))
    assert "Faster" not in text and "per sample" in text
    render_page(run)


def test_who_is_ahead_everywhere_leads_and_who_is_nowhere_does_not() -> None:
    ahead = swept(contenders("a", "b"), lambda side, size: size * (1e-5 if side == "a" else 2e-5))
    assert faster(ahead)[0] == "a"
    same = swept(contenders("a", "b"), lambda _, size: size * 1e-5)
    assert faster(same)[0] == "Not told apart"


def test_a_cost_that_is_no_line_is_said_and_its_marks_are_joined() -> None:
    square = swept(contenders("a"), lambda _, size: 1e-4 + 1e-9 * size**2)
    verdict, _, lines = grown(square)
    assert verdict == "Not along a line"
    assert "does not grow along a straight line" in plain(lines[0])
    unlined = swept(contenders("a"), straight=False, cost=lambda _, size: 1e-3)
    assert grown(unlined)[0] == "Measured"
    assert "takes 1" in plain(grown(unlined)[2][0])


def test_tracks_are_named_where_there_are_several() -> None:
    run = swept_run(tracks=("idiomatic", "tuned"))
    assert run.sweep is not None
    assert any("(tuned)" in plain(line) for line in faster(run.sweep)[1])
    assert "chart-sweep-tuned" in render_page(run)
