"""The tables of the docs say what the code says."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from paragone.task.graph import entries

DOCS = Path(__file__).parents[2] / "docs"
GENERATOR = runpy.run_path(str(DOCS / "tables.py"))
PAGES = sorted({page for page, _ in GENERATOR["TABLES"].values()})


@pytest.mark.parametrize("page", PAGES)
def test_no_table_is_stale(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert GENERATOR["written"](page, text) == text, "run: python docs/tables.py"


def test_every_table_stands_on_its_page_once() -> None:
    for name, (page, _) in GENERATOR["TABLES"].items():
        _, *after = (DOCS / page).read_text(encoding="utf-8").split(f"<!-- table: {name} -->\n")
        assert len(after) == 1
        assert "| --- |" in after[0].partition(GENERATOR["END"])[0]


def test_a_stale_table_is_noticed() -> None:
    text = (DOCS / "ladder.md").read_text(encoding="utf-8")
    stale = text.replace("| trajectory | 1e-09 |", "| trajectory | 1e-3 |")
    assert stale != text
    assert GENERATOR["written"]("ladder.md", stale) == text


@pytest.mark.parametrize("page", sorted(path.name for path in DOCS.glob("*.md")))
def test_links_between_pages_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (DOCS / target).exists(), f"{page} links to {target}"


def test_no_page_of_a_ready_task_is_stale() -> None:
    pages = GENERATOR["task_pages"]()
    assert {path.name for path in (DOCS / "tasks").glob("*.md")} == set(pages)
    for name, text in pages.items():
        assert (DOCS / "tasks" / name).read_text(encoding="utf-8") == text, "run: make docs"


def test_every_option_of_a_word_is_in_the_manual() -> None:
    text = (DOCS / "vocabulary.md").read_text(encoding="utf-8")
    table = text.partition("<!-- table: options -->")[2].partition(GENERATOR["END"])[0]
    rows: dict[str, tuple[str, str]] = {}
    for line in table.splitlines()[3:]:
        word, options, starts = (cell.strip() for cell in line.strip("|").split("|"))
        if word == "**losses**":  # a schedule has the name of an activation
            break
        rows[word] = (options, starts)
    assert rows["`conv`"] == (
        '`filters`, `kernel_size`, `strides = 1`, `padding = "valid"` (or "same", "causal"), `dilation = 1`, '
        "`groups = 1`, `use_bias = true`",
        "`kernel_initializer`, `bias_initializer`",
    )
    for name, kind in entries().items():
        assert kind.entry is not None
        said = re.findall(r"`(\w+)", rows.get(f"`{name}`", ("", ""))[0])
        assert said == list(kind.entry.options.model_fields), name
