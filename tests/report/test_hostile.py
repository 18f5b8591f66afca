from __future__ import annotations

import io

import pytest
from rich.console import Console

from paragone.records import Run
from paragone.report.notebook import notebook_html
from paragone.report.page import render_page
from paragone.report.summary import render_summary, summary_lines

from .hostile import ATTACK, hostile
from .html_tree import parse, run_scripts
from .sample import one_failed


@pytest.fixture(scope="module")
def attacked(full_run: Run) -> Run:
    return hostile(full_run)


def test_the_page_shows_an_attack_as_text(attacked: Run) -> None:
    page = render_page(attacked)
    tree = parse(page)

    assert len(run_scripts(tree)) == 1
    assert not list(tree.find_all(tag="img"))
    assert not [name for element in tree.elements() for name in element.attributes if name.startswith("on")]
    assert not [
        element.attributes["href"]
        for element in tree.elements()
        if element.attributes.get("href", "#")[0] != "#" and element.attributes["href"] != "data:,"
    ]
    assert ATTACK in tree.find(id="side-0-name").text()
    assert "<script>alert(1)" in tree.find(id="code-0-1").text()


def test_the_page_has_no_character_that_cannot_be_seen(attacked: Run) -> None:
    page = render_page(attacked)

    assert not {"\x1b", "\x07", "\x00", "\u202e", "\ud800"} & set(page)
    assert page.encode()


def test_a_failed_side_cannot_attack_with_its_log() -> None:
    tree = parse(render_page(hostile(one_failed())))

    assert len(run_scripts(tree)) == 1
    assert "<script>alert(1)" in tree.find(id="side-1").text()


def test_the_summary_is_neither_markup_nor_steering(attacked: Run) -> None:
    out = io.StringIO()
    render_summary(attacked, Console(file=out, width=100, force_terminal=True, color_system=None))

    assert "[bold red]" in out.getvalue().replace("\n", "")
    assert not {"\x07", "\u202e", "\ud800"} & set(out.getvalue())
    assert "\x1b[31m" not in out.getvalue()
    assert all(len(line) <= 100 for line in summary_lines(attacked))


def test_a_notebook_frame_cannot_be_broken_out_of(attacked: Run) -> None:
    tree = parse(notebook_html(attacked))
    (frame,) = [element for element in tree.elements() if element.tag != "root"]

    assert frame.tag == "iframe"
    assert frame.attributes["sandbox"] == "allow-scripts"
    assert parse(frame.attributes["srcdoc"]).find(tag="main")
