from __future__ import annotations

from pathlib import Path

from paragone.records import Run
from paragone.report.samples import groups

from .html_tree import parse

DOCS = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def test_every_column_of_a_figure_table_is_explained(full_page: str) -> None:
    tree = parse(full_page)
    for name, words in {
        "timing": ("ratio", "interval", "would have shown"),
        "choice": ("utility", "score", "is first in"),
        "ladder": ("floor", "float32"),
    }.items():
        assert all(word in tree.find(id=name).text() for word in words)
        assert all(f"| {word} |" in DOCS or f"| `{word}` |" in DOCS for word in words)


def test_every_phase_and_quantity_is_explained(full_run: Run) -> None:
    assert full_run.timings is not None
    for quantity in {ratio.quantity for ratio in full_run.timings.ratios}:
        assert f"| `{quantity}` |" in DOCS
    for phase in ("start", "import", "build", "compile", "first step"):
        assert f"`{phase}`" in DOCS


def test_there_is_a_sheet_for_every_kind_that_the_docs_name(full_run: Run) -> None:
    kinds = {sheet.key.split("-")[0] for group in groups(full_run) for sheet in group.sheets}

    assert {"rung", "floor", "cause", "curve", "outcome", "ratio", "contender", "criterion", "ranking"} <= kinds
