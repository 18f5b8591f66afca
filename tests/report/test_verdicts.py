from __future__ import annotations

from paragone.records import Pair, Run
from paragone.report.phrases import plain
from paragone.report.verdicts import Answer, answers


def answer(run: Run, question: str) -> Answer:
    return next(one for one in answers(run) if one.question == question)


def with_pairs(run: Run, verdict: str, pairs: tuple[Pair, ...], corrected: tuple[Pair, ...] = ()) -> Run:
    assert run.proof is not None
    proof = run.proof.model_copy(update={"verdict": verdict, "pairs": pairs, "corrected": corrected})
    return run.model_copy(update={"proof": proof})


def test_the_same_says_how_close(full_run: Run) -> None:
    assert full_run.proof is not None
    same = answer(with_pairs(full_run, "same", full_run.proof.corrected), "Are they the same task?")

    assert (same.verdict, same.tone) == ("Yes", "good")
    assert "their weights agree to 3.2 × 10⁻¹⁵ over 500 steps in float64" in plain(same.lines[0])


def test_pairs_that_part_ways_are_told_apart(full_run: Run) -> None:
    assert full_run.proof is not None
    first, _, last = full_run.proof.pairs
    mixed = with_pairs(full_run, "different", (first, last.model_copy(update={"verdict": "same"})))

    assert plain(answer(mixed, "Are they the same task?").lines[0]) == (
        "As written, torch_side with jax_side is the same task; keras_side with torch_side is not the same task."
    )


def test_no_reason_is_asked_of_those_that_are_the_same(full_run: Run) -> None:
    assert full_run.proof is not None
    questions = [one.question for one in answers(with_pairs(full_run, "same", full_run.proof.corrected))]

    assert questions == ["Are they the same task?", "Which is faster?", "Which to choose?"]


def test_where_a_side_failed_nothing_is_asked_and_its_log_is_named(full_run: Run) -> None:
    failed = full_run.sides[1].model_copy(
        update={"status": "failed", "why": "torch_side: the file ended the program itself.", "log": "logs/torch.log"}
    )
    sides = (full_run.sides[0], failed, *full_run.sides[2:])
    run = with_pairs(full_run, "not run", ()).model_copy(update={"sides": sides, "timings": None, "choice": None})
    (same,) = answers(run)

    assert same.verdict == "Not shown"
    assert [plain(line) for line in same.lines] == [
        "Nothing was compared.",
        "torch_side failed: the file ended the program itself. Its log: logs/torch.log.",
    ]


def test_a_difference_without_a_cause_is_said_to_be_unexplained(full_run: Run) -> None:
    assert full_run.proof is not None
    pair = full_run.proof.pairs[0].model_copy(update={"causes": (), "unexplained": "the optimizers differ in kind"})
    why = answer(with_pairs(full_run, "different", (pair,)), "Why not?")

    assert why.verdict == "Unexplained"
    assert "the optimizers differ in kind" in plain(why.lines[0])


def test_a_cause_has_one_value_for_each_side_whatever_the_pairs_say(full_run: Run) -> None:
    assert full_run.proof is not None
    pairs = full_run.proof.pairs
    causes = tuple(one.model_copy(update={"a": "Glorot uniform of another layer"}) for one in pairs[1].causes)
    changed = (pairs[0], pairs[1].model_copy(update={"causes": causes}))
    why = answer(with_pairs(full_run, "different", changed), "Why not?")

    assert plain(why.listed[0]) == (
        "The distribution of the initial weights: Glorot uniform in keras_side; Kaiming uniform in torch_side; "
        "LeCun normal in jax_side."
    )


def test_what_is_left_after_the_causes_is_not_hidden(full_run: Run) -> None:
    assert full_run.proof is not None
    pairs = full_run.proof.pairs
    left = answer(with_pairs(full_run, "different", pairs, pairs[:1]), "And with the causes removed?")

    assert (left.verdict, left.tone) == ("Not yet the same", "bad")
    assert "keras_side with torch_side still differs" in plain(left.lines[0])


def test_a_winner_is_named(full_run: Run) -> None:
    assert full_run.choice is not None
    choice = full_run.choice.model_copy(update={"verdict": "winner", "winner": "jax_side"})

    assert answer(full_run.model_copy(update={"choice": choice}), "Which to choose?").verdict == "jax_side"


def test_speed_of_sides_that_are_the_same_needs_no_warning(full_run: Run) -> None:
    assert full_run.proof is not None
    same = with_pairs(full_run, "same", full_run.proof.corrected)

    assert "different work" not in " ".join(plain(line) for line in answer(same, "Which is faster?").lines)
