"""The runs that ship: what is trimmed away changes no verdict, and what ships is small and whole."""

from __future__ import annotations

from benchmarks.reference import INTO, RUNS, shipped, trimmed

from paragone.choose.claims import judged
from paragone.choose.evidence import references
from paragone.records import Run
from paragone.saved import parsed

from .ledger_worlds import TODAY, base, evidence

LARGEST = 150_000


def test_a_trimmed_record_comes_back_as_it_was_and_is_small() -> None:
    text = shipped(base())
    assert parsed(text, "first-task.json") == trimmed(base())
    assert len(text) < min(LARGEST, len(base().model_dump_json()) / 2)


def test_what_is_trimmed_away_changes_no_verdict() -> None:
    whole: Run = base().model_copy(update={"choice": None})
    assert judged(evidence(reference=trimmed(whole), found={})) == judged(evidence(reference=whole, found={}))


def test_what_ships_is_named_after_what_is_made_and_has_machine_date_and_versions() -> None:
    assert {one.id.removeprefix("reference/") for one in references()} <= set(RUNS)
    for one in references():
        assert one.machine.cpu
        assert one.made.year >= TODAY.year
        assert {"tensorflow", "torch", "jax"} <= one.versions.keys()
        assert len((INTO / f"{one.run.name}.json").read_text(encoding="utf-8")) < LARGEST
