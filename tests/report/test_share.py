from __future__ import annotations

from paragone.records import Interval, Product, Run, Share, StepWork, Yardstick
from paragone.report.page import render_page
from paragone.report.summary import summary_lines

from .html_tree import Element, parse
from .sample import timed_alone

KNOWN = Share(
    step_flops=9_757_000.0,
    unknown="",
    flops_per_s=Interval(mid=4.1e9, low=4.0e9, high=4.2e9, n=4),
    share=Interval(mid=0.0412, low=0.0393, high=0.0431, n=4),
)
UNKNOWN = Share(step_flops=None, unknown="layer Odd, line 3", flops_per_s=None, share=None)
WORK = StepWork(flops=9_757_000.0, unknown="", products=(Product(by="numpy", size=1024, best_s=0.0215),), spent_s=1.0)


def multiplied(*shares: Share) -> Run:
    """A timing of two sides with these shares."""
    run = timed_alone(2)
    assert run.timings is not None
    contenders = tuple(
        one.model_copy(update={"share": share, "sets": tuple(at.model_copy(update={"work": WORK}) for at in one.sets)})
        for one, share in zip(run.timings.contenders, shares, strict=True)
    )
    best = Yardstick(by="numpy", size=1024, flops_per_s=Interval(mid=9.95e10, low=9.9e10, high=1e11, n=4))
    timings = run.timings.model_copy(update={"contenders": contenders, "yardstick": best})
    return run.model_copy(update={"timings": timings})


def page_of(run: Run) -> Element:
    return parse(render_page(run))


def test_a_share_is_told_with_its_yardstick_and_what_is_counted() -> None:
    page = page_of(multiplied(KNOWN, UNKNOWN))
    text = page.find(id="timing").text()
    assert "Of this machine's best matrix product, keras_side reaches 4.12 % (3.93 % to 4.31 %)." in text
    assert "That is 99.5 GFLOP/s in float32, most often by NumPy with matrices of 1,024 × 1,024" in text
    assert "three times the forward pass for a training step" in text
    assert "What torch_side reaches is not known: layer Odd, line 3." in text
    chart = page.find(id="chart-share").text()
    assert "4.1 GFLOP/s" in chart and "not known: layer Odd, line 3" in chart


def test_where_nothing_is_known_there_is_no_chart() -> None:
    page = page_of(multiplied(UNKNOWN, UNKNOWN))
    assert not [one for one in page.elements() if one.attributes.get("id") == "chart-share"]
    assert "not known: layer Odd, line 3" in page.find(id="timing").text()


def test_the_summary_says_what_is_used_of_the_machine() -> None:
    text = " ".join(" ".join(summary_lines(multiplied(KNOWN, KNOWN))).split())
    assert "Machine used Of this machine's best matrix product, keras_side reaches 4.12 %" in text
    assert "Machine used" not in " ".join(summary_lines(timed_alone(2)))


def test_every_link_of_the_page_resolves() -> None:
    page = page_of(multiplied(KNOWN, UNKNOWN))
    ids = [element.attributes["id"] for element in page.elements() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    links = {element.attributes["href"] for element in page.elements() if "href" in element.attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
