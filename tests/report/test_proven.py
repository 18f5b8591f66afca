"""What the terminal shows after a proof: every cause with its worth, the line of the file and what to write instead."""

from __future__ import annotations

import io
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console

from paragone.records import Fix, Hunk, Located, Pair, Place, Run
from paragone.report.proven import proof_lines, render_proof
from paragone.report.verdicts import answers

FOLDER = Path("runs/first_task")


def with_pair(run: Run, **changes: object) -> Run:
    """The record with its first pair alone, changed."""
    assert run.proof is not None
    pair = run.proof.pairs[0].model_copy(update=changes)
    return run.model_copy(update={"proof": run.proof.model_copy(update={"pairs": (pair,)})})


def first_pair(run: Run) -> Pair:
    assert run.proof is not None
    return run.proof.pairs[0]


def text_of(run: Run) -> str:
    return " ".join(" ".join(proof_lines(run, FOLDER)).split())


def test_every_cause_has_its_worth_its_line_and_what_to_write(full_run: Run) -> None:
    lines = proof_lines(full_run, FOLDER)
    text = text_of(full_run)

    assert "2. Adam's default epsilon: 1e-07 in keras_side; 1e-08 in torch_side and jax_side." in text
    assert "costs 0.40 points of accuracy (0.10 to 0.70); nothing in the training loss" in text
    assert "    sides/keras_side.py, line 15:" in lines
    assert '      - optimizer="adam",' in lines
    assert "      + optimizer=keras.optimizers.Adam(epsilon=1e-8)," in lines
    assert "The file needs besides: `from torch import nn`" in text
    assert lines[-1] == f"The page        {FOLDER / 'report.html'}"


def test_nothing_is_said_of_stages_that_a_proof_does_not_have(full_run: Run) -> None:
    text = text_of(full_run)

    assert "Faster" not in text
    assert "To choose" not in text
    assert max(cell_len(line) for line in proof_lines(full_run, FOLDER) if not line.startswith("      ")) <= 100


def test_the_page_of_a_proof_alone_does_not_ask_which_is_faster(full_run: Run) -> None:
    alone = full_run.model_copy(update={"timings": None, "choice": None})
    assert {"Which is faster?", "Which to choose?"} & {answer.question for answer in answers(full_run)}
    assert not {"Which is faster?", "Which to choose?"} & {answer.question for answer in answers(alone)}


def test_lines_that_do_not_stand_together_have_each_its_number(full_run: Run) -> None:
    hunks = tuple(Hunk(line=3 * n, text=f"old {n}", replacement=f"new {n}") for n in range(1, 7))
    fix = Fix(side="keras_side", file="a.py", line=3, text="", hunks=hunks, exact=True)
    cause = first_pair(full_run).causes[0].model_copy(update={"fix": fix})
    lines = proof_lines(with_pair(full_run, causes=(cause,)))

    place = lines.index("    a.py, line 6:")
    assert lines[place : place + 3] == ["    a.py, line 6:", "      - old 2", "      + new 2"]
    assert "    And in the same way at line 15 and 18." in lines


def test_all_changes_of_a_trap_in_one_side_are_told(full_run: Run) -> None:
    cause = first_pair(full_run).causes[0]
    fixes = [Fix(side="keras_side", file="a.py", line=n, text=f"old {n}", replacement=f"new {n}") for n in (4, 9, 9)]
    causes = tuple(cause.model_copy(update={"fix": fix}) for fix in fixes)
    lines = proof_lines(with_pair(full_run, causes=causes))

    assert [line for line in lines if line.startswith("    a.py")] == ["    a.py, line 4:", "    a.py, line 9:"]


def test_it_says_where_the_sides_part_first(full_run: Run) -> None:
    here = Place(side="keras_side", file="a.py", line=12)
    located = Located(rung="forward", layer="dense_1", a=here, b=here, text="`dense_1` gives something else")

    assert "Part first forward: `dense_1` gives something else." in text_of(with_pair(full_run, located=located))


def test_sides_that_are_the_same_are_told_in_one_sentence(full_run: Run) -> None:
    assert full_run.proof is not None
    proof = full_run.proof.model_copy(update={"verdict": "same", "pairs": full_run.proof.corrected, "patch": None})
    lines = proof_lines(full_run.model_copy(update={"proof": proof}), FOLDER)

    assert lines[2].startswith("Same task?      Yes. ")
    assert not any("Causes removed" in line for line in lines)


def test_what_is_printed_is_what_is_told(full_run: Run) -> None:
    out = io.StringIO()
    render_proof(full_run, Console(file=out, width=60), FOLDER)

    assert out.getvalue().splitlines() == proof_lines(full_run, FOLDER)


def test_what_is_unexplained_stands_behind_the_causes(full_run: Run) -> None:
    here = Place(side="keras_side", file="a.py", line=12)
    first, later = (Located(rung="loss", a=here, b=here, text=f"place {n}") for n in (1, 2))
    run = with_pair(full_run, unexplained="different, cause unknown", located=first, left=later)
    text = text_of(run)

    assert "Unexplained different, cause unknown. place 2." in text
    assert text.index("1. The distribution") < text.index("Unexplained")
    assert text_of(with_pair(full_run, unexplained="unknown", located=first, left=first)).count("place 1") == 1


def test_undecided_in_float64_is_not_said_to_lie_near_rounding(full_run: Run) -> None:
    assert full_run.proof is not None
    pair = first_pair(full_run).model_copy(update={"verdict": "undecided", "causes": ()})
    proof = full_run.proof.model_copy(update={"verdict": "undecided", "pairs": (pair,), "corrected": ()})
    text = text_of(full_run.model_copy(update={"proof": proof}))

    assert "are the same task could not be decided." in text
    assert "rounding" not in text
