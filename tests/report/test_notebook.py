from __future__ import annotations

from paragone.records import Run

from .html_tree import parse


def test_a_run_shows_itself_as_a_page(full_run: Run, full_page: str) -> None:
    (frame,) = list(parse(full_run._repr_html_()).find_all(tag="iframe"))

    assert frame.attributes["srcdoc"] == full_page
