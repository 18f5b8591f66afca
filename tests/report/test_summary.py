from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from paragone.records import Run
from paragone.report.summary import render_summary, summary_lines

from . import sample

FOLDER = Path("runs/first_task")


@pytest.mark.parametrize(
    "build", [sample.full_run, sample.two_sides, sample.bare_run, sample.one_failed, sample.timed_alone]
)
def test_it_fits_and_says_where_the_page_is(build: Callable[[], Run]) -> None:
    lines = summary_lines(build(), FOLDER)

    assert len(lines) <= 25
    assert max(map(cell_len, lines)) <= 100
    assert "runs/first_task/report.html" in lines[-1]


def test_it_tells_the_whole_story_without_the_page(full_run: Run) -> None:
    text = " ".join(" ".join(summary_lines(full_run)).split())

    for words in (
        "Same task? No. As written, keras_side, torch_side and jax_side are not the same task",
        "2. Adam's default epsilon: 1e-07 in keras_side; 1e-08 in torch_side and jax_side.",
        "Causes removed The same. Their weights agree to 3.2 × 10⁻¹⁵ over 500 steps in float64.",
        "jax_side is 2.68× as fast as keras_side (2.63 to 2.73)",
        "not the same task, so this compares different work",
        "keras_side needs 1.83× as much as torch_side",
        "To choose No robust winner.",
    ):
        assert words in text


def test_a_timing_alone_tells_speed_first_and_what_was_not_shown() -> None:
    text = " ".join(" ".join(summary_lines(sample.timed_alone())).split())

    for words in (
        "Faster jax_side. A training step: jax_side is 2.68× as fast as keras_side (2.63 to 2.73)",
        "They were not proven to be the same task, so this may compare different work.",
        "Cold start Cold start: torch_side is 2.34× as fast as keras_side",
        "Break-even torch_side starts sooner; from about 17,000 training steps on (13,000 to 25,000) jax_side",
        "Memory Peak memory:",
        "Same task? Not shown.",
    ):
        assert words in text
    assert "To choose" not in text
    assert text.index("Faster") < text.index("Same task?")


def test_one_side_alone_has_its_time_and_nothing_to_compare() -> None:
    text = " ".join(" ".join(summary_lines(sample.timed_alone(1))).split())

    assert "A step 1.42 ms. A training step of keras_side takes 1.42 ms (1.39 ms to 1.45 ms, over 8 sets)." in text
    assert "Same task?" not in text
    assert "Faster" not in text


def test_many_causes_are_counted_where_they_do_not_fit(full_run: Run) -> None:
    assert full_run.proof is not None
    pair = full_run.proof.pairs[0]
    causes = tuple(pair.causes[0].model_copy(update={"trap": f"trap-{place}"}) for place in range(40))
    proof = full_run.proof.model_copy(update={"pairs": (pair.model_copy(update={"causes": causes}),)})
    lines = summary_lines(full_run.model_copy(update={"proof": proof}), FOLDER)

    assert len(lines) <= 25
    assert "more, on the page" in " ".join(lines)
    assert "To choose" in " ".join(lines)


def test_causes_are_named_before_any_is_left_out(full_run: Run) -> None:
    assert full_run.proof is not None
    pair = full_run.proof.pairs[0]
    causes = tuple(
        pair.causes[2].model_copy(update={"trap": f"trap-{place}", "title": f"Difference {place}"})
        for place in range(8)
    )
    proof = full_run.proof.model_copy(update={"pairs": (pair.model_copy(update={"causes": causes}),)})
    lines = [line.strip() for line in summary_lines(full_run.model_copy(update={"proof": proof}), FOLDER)]

    assert len(lines) <= 25
    assert "8. Difference 7." in lines


def test_wide_letters_count_double(full_run: Run) -> None:
    sides = tuple(
        side.model_copy(update={"name": f"{'比較' * 30}{place}"}) for place, side in enumerate(full_run.sides)
    )

    assert max(map(cell_len, summary_lines(full_run.model_copy(update={"sides": sides})))) <= 100


def test_what_is_printed_is_what_is_told(full_run: Run) -> None:
    out = io.StringIO()
    render_summary(full_run, Console(file=out, width=60), FOLDER)

    assert out.getvalue().splitlines() == summary_lines(full_run, FOLDER)
