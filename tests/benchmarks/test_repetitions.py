"""Repetitions of the whole: what counts as the same choice, and the page that is written of what was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from benchmarks.repetitions import answer, page, same

from paragone.choose.profile import profiles


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        (["pytorch"] * 20, 20),
        (["pytorch"] * 19 + ["jax"], 19),
        (["pytorch"] * 15 + ["no robust winner"] * 4 + ["jax"], 19),
        (["pytorch"] * 10 + ["jax"] * 10, 10),
        (["no robust winner"] * 12 + ["nothing to choose"] * 8, 20),
    ],
)
def test_the_most_frequent_winner_and_what_abstains_are_the_same(answers: Sequence[str], kept: int) -> None:
    assert same(answers) == kept


def test_the_page_counts_every_profile_and_says_where_the_promise_is_broken() -> None:
    text = page({"digits-mlp": [_repetition(["pytorch"])] * 18 + [_repetition(["jax"])] * 2})
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [row.split("|")[1].strip(" `") for row in rows] == list(profiles())
    assert all(row.endswith("| pytorch 18; jax 2 | 18 of 20 | no |") for row in rows)
    assert "Repetitions: 20, 2026-12-01, on a processor, 2 cores." in text


def test_one_of_twenty_may_be_another_and_none_of_nineteen() -> None:
    for others, word in ((0, "yes"), (1, "no")):
        found = [_repetition(["pytorch"])] * (19 - others) + [_repetition(["jax"])] * others
        assert f"| {word} |" in page({"digits-mlp": found})
    assert "| yes |" in page({"digits-mlp": [_repetition(["pytorch"])] * 19 + [_repetition(["jax"])]})


def test_winners_that_cannot_be_told_apart_are_one_answer() -> None:
    assert answer({"winners": ["jax", "pytorch"], "verdict": "winner"}) == "jax or pytorch"
    assert answer({"winners": [], "verdict": "no robust winner"}) == "no robust winner"


def _repetition(winners: list[str]) -> dict[str, Any]:
    chosen = {"verdict": "winner", "winners": winners, "first": {"pytorch": 1.0}}
    return {
        **{"created": "2026-12-01T10:00:00+00:00", "machine": "a processor, 2 cores", "load_before": 0.1},
        **{"budget_s": 60.0, "duration_s": 180.0, "chosen": dict.fromkeys(profiles(), chosen)},
    }
