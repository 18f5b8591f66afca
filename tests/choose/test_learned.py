"""Claims on what there is to learn: a proxy, told as one, whose every number leads to its place in the record."""

from __future__ import annotations

from dataclasses import replace

import pytest

from paragone.choose.claims import claims, judged
from paragone.choose.judge import learned
from paragone.choose.learning import LEARNING, learning
from paragone.records.learning import Edit, EditedSide, LearnedSide, LearnedTask, Learning, Mistake, Told

from .ledger_worlds import base, evidence
from .tracing import untraced

LOOKS = (
    learned.all_concepts,
    learned.first_concepts,
    learned.edited_tokens,
    learned.errors_told,
    learned.traceback_lines,
    learned.shown_lines,
)
RESTING = ("prototyping", "pytorch-easier", "tensorflow-steeper", "learn-pytorch-first", "choose-pytorch-education")


def counted(ours: int, theirs: int) -> Learning:
    """Counts of Keras and of PyTorch; of errors and of lines shown fewer are told where the others are more."""
    both = (("tensorflow", ours), ("torch", theirs))
    task = LearnedTask(task="t", sides=tuple(_side(*one) for one in both))
    edit = Edit(name="e", title="e", sides=tuple(EditedSide(framework=name, n_lines=n, n_tokens=n) for name, n in both))
    mistakes = tuple(
        Mistake(name="m", title="m", study="s", sides=tuple(_told(name, 40 - n > place, n) for name, n in both))
        for place in range(40)
    )
    machine = base().machine
    return Learning(created="2026-11-30", machine=machine, tasks=(task,), edits=(edit,), mistakes=mistakes)


def _side(framework: str, n: int) -> LearnedSide:
    return LearnedSide(
        framework=framework, sha256="", n_lines=n, n_tokens=n, concepts=(), n_concepts=n, n_new=n, n_so_far=n
    )


def _told(framework: str, error: bool, n: int) -> Told:
    return Told(framework=framework, outcome="error" if error else "nothing", n_lines=n, shows_line=error)


@pytest.mark.parametrize(("ours", "theirs", "answer"), [(30, 10, "for"), (10, 30, "against"), (20, 19, "open")])
def test_a_count_speaks_for_whom_it_is_certainly_smaller(ours: int, theirs: int, answer: str) -> None:
    made = evidence(learning=counted(ours, theirs), found={})
    for look in LOOKS[:-1]:
        (finding,) = look(made)
        assert finding.answer == answer, look.__name__
        assert finding.proxy
        assert finding.text.endswith(f"({LEARNING}, a proxy)")


def test_the_line_of_a_mistake_is_compared_where_both_end_with_an_error() -> None:
    record = counted(10, 10)
    for shown, answer in (((False, True), "for"), ((True, False), "against"), ((True, True), "open")):
        sides = tuple(
            one.model_copy(update={"outcome": "error", "shows_line": so})
            for one, so in zip(record.mistakes[0].sides, shown, strict=True)
        )
        mistakes = (record.mistakes[0].model_copy(update={"sides": sides}),)
        (finding,) = learned.shown_lines(evidence(learning=record.model_copy(update={"mistakes": mistakes})))
        assert finding.answer == answer


@pytest.mark.parametrize("id_", RESTING)
def test_a_count_alone_lets_a_claim_hold_in_part_at_best_and_says_that_it_is_a_proxy(id_: str) -> None:
    good, bad = (claims()[id_].judge(evidence(learning=counted(*counts), found={})) for counts in ((30, 10), (10, 30)))
    assert (good.verdict, bad.verdict) == ("holds in part", "does not hold")
    assert "by proxy" in good.sentence
    assert "a proxy" in bad.sentence
    assert [one.id for one in good.evidence] == [LEARNING]


def test_every_number_that_ships_is_traced_and_a_false_one_is_caught() -> None:
    record = learning()
    assert record is not None
    made = replace(evidence(), learning=record)
    for claim in judged(made):
        assert untraced(claim, made) == [], claim.id
    claim = claims()["prototyping"].judge(made)
    printed = tuple(one.model_copy(update={"text": f"{one.text}7"}) for one in claim.findings[0].printed)
    false = claim.findings[0].model_copy(update={"printed": printed})
    assert untraced(claim.model_copy(update={"findings": (false,)}), made) != []


def test_nothing_is_said_where_nothing_was_counted() -> None:
    assert [finding for look in LOOKS for finding in look(evidence())] == []
