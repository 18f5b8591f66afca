from __future__ import annotations

from paragone.records import Ratio
from paragone.report.phrases import plain
from paragone.report.speed import standing, told_ratio

from .sample_ratio import ratio


def told(*ratios: Ratio) -> tuple[str, str]:
    verdict, phrase = standing(ratios, "idiomatic", "step")
    return verdict, plain(phrase)


def test_the_one_that_needs_less_is_named_first_whichever_way_the_ratio_was_taken() -> None:
    assert told(ratio("a", "b", "step", 2.0, 0.01)) == ("b", "A training step: b is 2.00× as fast as a (1.96 to 2.04).")
    assert told(ratio("a", "b", "step", 0.5, 0.01)) == ("a", "A training step: a is 2.00× as fast as b (1.96 to 2.04).")


def test_a_tie_says_what_would_have_shown() -> None:
    assert told(ratio("a", "b", "step", 1.0, 0.01)) == (
        "A tie",
        "A training step: no difference was seen; any above 3.25 % would have shown.",
    )


def test_who_could_have_seen_little_does_not_say_a_tie() -> None:
    verdict, sentence = told(ratio("a", "b", "step", 1.0, 0.3))

    assert verdict == "Not told apart"
    assert "only a difference above" in sentence
    assert "--budget" in sentence


def test_two_that_tie_lead_together() -> None:
    rows = (ratio("a", "b", "step", 1.0, 0.01), ratio("a", "c", "step", 0.5, 0.01), ratio("b", "c", "step", 0.5, 0.01))
    verdict, sentence = told(*rows)

    assert verdict == "a and b"
    assert sentence.startswith("A training step: a and b tie; a is 2.00× as fast as c")


def test_a_circle_has_no_leader() -> None:
    rows = (ratio("a", "b", "step", 0.5, 0.01), ratio("b", "c", "step", 0.5, 0.01), ratio("c", "a", "step", 0.5, 0.01))

    assert told(*rows)[0] == "No clear order"


def test_memory_is_told_as_need() -> None:
    assert plain(told_ratio(ratio("a", "b", "peak memory", 0.5, 0.01))) == "b needs 2.00× as much as a (1.96 to 2.04)."
