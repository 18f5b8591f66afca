"""Every word of the vocabulary computes the same in every framework: its first example and one random configuration.

The long suite (`make vocabulary`) has all examples and 200 random configurations of each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from paragone.catalogue import catalogue
from paragone.task.graph import entries
from paragone.vocabulary import vocabulary

from .check import faults
from .lab import Ran, run
from .suite import Verdict, verdicts
from .words import drawn, examples, strategies

Results = dict[str, dict[str, Ran]]


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run([examples(word)[0] for word in entries()], tmp_path_factory.mktemp("matched"))


@pytest.fixture(scope="module")
def bundled() -> dict[str, Verdict]:
    return verdicts([case for word in entries() for case in drawn(word, 1)], lambda _case, found, _home: faults(found))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Results:
    cases = [case for word in entries() for case in examples(word)[:1]]
    return run(cases, tmp_path_factory.mktemp("plain"), "plain")


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("word", entries())
def test_matched_sides_compute_the_same(word: str, matched: Results) -> None:
    assert not faults(matched[examples(word)[0].name])


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("word", [word for word in entries() if drawn(word, 1)])
def test_a_random_configuration_computes_the_same(word: str, bundled: dict[str, Verdict]) -> None:
    assert not bundled[drawn(word, 1)[0].name].faults


@pytest.mark.timeout(1500)
@pytest.mark.parametrize("word", entries())
def test_plain_sides_run(word: str, plain: Results) -> None:
    errors = {name: ran.error for name, ran in plain[examples(word)[0].name].items() if ran.error}
    assert not errors


def test_every_layer_has_examples_and_random_configurations() -> None:
    assert all(kind.entry and kind.entry.examples for kind in entries().values())
    assert set(strategies()) >= {name for name in entries() if not _without_options(name)}


def _without_options(word: str) -> bool:
    entry = entries()[word].entry
    return entry is not None and not entry.options.model_fields


def test_every_row_that_a_word_names_is_in_the_catalogue() -> None:
    named = {row for words in vocabulary().values() for word in words for row in word.rows}
    assert named <= set(catalogue())


def test_every_note_of_a_spelling_names_a_row_of_the_catalogue() -> None:
    for words in vocabulary().values():
        for word in words:
            for spelled in (item for said in word.said.values() for item in said):
                notes = [*getattr(spelled, "notes", ()), *(helper.note for helper in getattr(spelled, "helpers", ()))]
                unknown = {row for note in notes for row in note.row.split(", ")} - set(catalogue())
                assert not unknown, f"{word.name}: {unknown}"


def test_a_word_that_computes_something_else_is_noticed(tmp_path: Path) -> None:
    """The check itself can fail: the same case, with one side's weights map turned round."""
    case = examples("dense")[0]
    results = run([case], tmp_path)
    side = tmp_path / case.name / "torch_side.py"
    side.write_text(side.read_text().replace("self.tested(", "1.001 * self.tested("))
    found = results[case.name]
    assert not faults(found)
    from .lab import ran_in, run_in

    run_in("torch", [case.job(tmp_path)], tmp_path)
    assert any("torch" in fault for fault in faults({**found, "torch": ran_in(tmp_path / case.name, "torch")}))
