"""Servers under load in the page and on the terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from paragone.records import Run
from paragone.report.arrived import render_artifacts
from paragone.report.loaded import told_load
from paragone.report.page import render_page
from paragone.report.phrases import Figure, plain

from .hostile import ATTACK
from .html_tree import Element, parse
from .sample_artifacts import deployed_alone
from .sample_load import RATES, load, loaded_alone, server


@pytest.fixture(scope="module")
def section() -> Element:
    return parse(render_page(loaded_alone())).find(id="deployment")


def printed(run: Run) -> str:
    out = io.StringIO()
    render_artifacts(run, Console(file=out, width=200, color_system=None))
    return out.getvalue()


def test_every_side_has_its_charts_and_its_figures(section: Element) -> None:
    text = section.text()
    for side in ("keras_side", "torch_side"):
        assert f"{side}: the typical request (p50) against what is asked for" in text
        assert list(section.find_all(id=f"chart-load-{side}-p99"))
    assert "1.56 ms" in text and "72.7 ms" in text


def test_a_run_without_load_says_nothing_of_it() -> None:
    assert "under load" not in render_page(deployed_alone())
    assert "under load" not in printed(deployed_alone())


def test_an_order_is_told_once_where_it_holds_at_all_rates() -> None:
    told = [plain(phrase) for phrase in told_load(load(server("a", "bentoml"), server("a", "litserve")))]
    assert told == [
        "a, by p50 and p99 at 10, 50 and 200 requests a second: LitServe (ONNX Runtime) before BentoML (ONNX Runtime)."
    ]


def test_who_does_not_agree_keep_up_or_run_is_told() -> None:
    lines = printed(loaded_alone())
    assert "no order is told, for runs of one server lie more than 10 % apart and not every server kept up" in lines
    assert "BentoML (ONNX Runtime) of torch_side did not keep up with 200 requests a second" in lines
    assert "failed under load: RuntimeError: the server ended (exit code 1)" in lines


def test_every_number_of_the_sentences_has_its_sheet() -> None:
    run = loaded_alone()
    assert run.load is not None
    page = render_page(run)
    figures = [piece for phrase in told_load(run.load) for piece in phrase if isinstance(piece, Figure)]
    assert len(figures) > len(RATES)
    assert all(f'id="samples-{each.sheet}"' in page for each in figures)


def test_what_a_server_says_is_text() -> None:
    bad = server("torch_side", "litserve", why=ATTACK).model_copy(update={"title": ATTACK})
    page = render_page(deployed_alone().model_copy(update={"load": load(bad)}))
    assert ATTACK not in page
