"""What the long suite found is kept, complete, and told on its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from paragone.layers import layer_kinds
from paragone.spelling.site import Write
from paragone.spelling.spelled import Note

from . import ledger
from .kinds import Kind, chosen, kinds
from .ledger import Row, keep, read_rows, source_of
from .long import stale
from .page import NOT_RUN, PATH, page

LEAST = 200


@pytest.mark.parametrize(("kind", "word"), [(kind.name, word) for kind, word in chosen([])])
def test_every_word_agrees_in_all_of_its_configurations_or_is_told_as_not_run(kind: str, word: str) -> None:
    row = read_rows().get((kind, word))
    if row is None:
        assert f"`{kind}:{word}`" in PATH.read_text(encoding="utf-8").partition(NOT_RUN)[2]
        return
    assert not row.faults
    assert row.verdict.startswith("all agree")
    assert row.configurations >= LEAST or not row.distinct


def test_every_row_holds_for_what_is_written_now() -> None:
    old = [
        f"{kind}:{word}" for (kind, word), row in read_rows().items() if row.source != source_of(kinds()[kind], word)
    ]
    assert not old, f"written otherwise since: make vocabulary WORDS='{' '.join(old)}'"


def test_a_row_that_says_there_are_no_more_is_right() -> None:
    short = [row for row in read_rows().values() if not row.distinct]
    for row in short:
        assert len(kinds()[row.kind].drawn(row.word, LEAST)) < LEAST


def test_the_page_tells_the_rows() -> None:
    assert PATH.read_text(encoding="utf-8") == page(read_rows())


@pytest.fixture
def row() -> Row:
    kind = kinds()["layer"]
    return Row("layer", "gru", 208, True, 0, (), {}, 1.0, "2026-01-01", source_of(kind, "gru"), ledger.versions())


def _stale(row: Row | None) -> bool:
    return stale(row, kinds()["layer"], "gru", LEAST)


def test_a_word_runs_again_when_what_it_was_run_with_has_changed(row: Row) -> None:
    assert not _stale(row)
    assert _stale(None)
    assert _stale(replace(row, source="0"))
    assert _stale(replace(row, versions={**row.versions, "jax": "0"}))
    assert _stale(replace(row, configurations=20))
    assert not _stale(replace(row, configurations=20, distinct=False))


def test_a_row_holds_as_long_as_its_word_is_written_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = kinds()["layer"]

    def hashed() -> dict[str, str]:
        return {word: source_of(kind, word) for word in ("gru", "lstm", "dense")}

    before = hashed()
    gru = layer_kinds()["gru"].spellings["torch"]
    assert gru.write is not None
    monkeypatch.setitem(gru.__dict__, "write", _with(gru.write, notes=(Note("G1", "said otherwise"),)))
    assert hashed() == before
    monkeypatch.setitem(gru.__dict__, "write", _with(gru.write, call="{layer}({0} + 1)[0]"))
    assert {word for word, now in hashed().items() if now != before[word]} == {"gru"}


def _with(write: Write, **changed: Any) -> Write:
    return lambda site: replace(write(site), **changed)


def test_rows_take_their_place_and_come_back(row: Row, tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    keep(row, path)
    keep(replace(row, word="conv", faults=("a", "b"), faulty=2), path)
    keep(replace(row, seconds=2.0), path)
    assert list(read_rows(path)) == [("layer", "conv"), ("layer", "gru")]
    assert read_rows(path)["layer", "gru"] == replace(row, seconds=2.0)
    assert read_rows(path)["layer", "conv"].verdict == "2 differ"


def test_words_are_named_by_themselves_by_their_kind_or_both() -> None:
    def named(*texts: str) -> list[tuple[Kind | str, str]]:
        return [(kind.name, word) for kind, word in chosen(list(texts))]

    assert named("exponential") == [("activation", "exponential"), ("schedule", "exponential")]
    assert named("schedule:exponential", "gru") == [("layer", "gru"), ("schedule", "exponential")]
    assert named("penalty") == [("penalty", "l1"), ("penalty", "l2")]
