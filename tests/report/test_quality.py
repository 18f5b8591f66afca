from __future__ import annotations

import csv
from pathlib import Path

import pytest

from paragone.folder import save_run
from paragone.records import Interval, Quality, Run, Until, UntilGoal
from paragone.report.page import render_page
from paragone.report.summary import summary_lines

from .html_tree import Element, parse
from .sample import timed_alone
from .sample_ratio import ratio

GOAL = UntilGoal(metric="accuracy", level=0.9, epochs=50)
REACHED = Quality(
    processes=6,
    reached=6,
    train_s=Interval(mid=0.203, low=0.18, high=0.23, n=4),
    first_epoch_s=0.0841,
    evaluate_s=0.0123,
    epochs=(2, 4),
    best=0.931,
)
MISSED = REACHED.model_copy(update={"reached": 4, "train_s": None, "best": 0.87})


def trained(*qualities: Quality) -> Run:
    """A timing of two sides with these trainings."""
    run = timed_alone(2)
    assert run.timings is not None
    until = Until(
        seed=7, batches=44, reached=True, epoch_s=(0.08, 0.05), values=(0.87, None), evaluate_s=0.01, ready_s=0.1
    )
    contenders = tuple(
        one.model_copy(
            update={
                "quality": quality,
                "sets": tuple(of_set.model_copy(update={"until": until}) for of_set in one.sets),
            }
        )
        for one, quality in zip(run.timings.contenders, qualities, strict=True)
    )
    compared = (ratio("keras_side", "torch_side", "time to quality", 2.1, 0.01),) if MISSED not in qualities else ()
    timings = run.timings.model_copy(
        update={
            "contenders": contenders,
            "ratios": (*run.timings.ratios, *compared),
            "plan": run.timings.plan.model_copy(update={"until": GOAL}),
        }
    )
    return run.model_copy(update={"timings": timings})


def text_of(run: Run) -> tuple[Element, str]:
    page = parse(render_page(run))
    return page, page.find(id="timing").text()


def test_the_training_is_told_with_its_epochs_and_without_its_tests() -> None:
    page, text = text_of(trained(REACHED, REACHED))
    assert "keras_side trains 203 ms until accuracy 0.9, for 2 to 4 epochs" in text
    assert "to look at the test set after each takes 12.3 ms more, which is not counted" in text
    assert "accuracy 0.9, for 50 epochs at most" in text
    assert "The ratios of a step, and of the time to quality, were looked at" in text
    chart = page.find(id="chart-quality").text()
    for words in ("203 ms", "180 ms to 230 ms", "84.1 ms", "6 of 6 trainings", "0.931"):
        assert words in chart
    assert "torch_side is 2.10× as fast as keras_side" in text


def test_who_did_not_come_so_far_has_no_time() -> None:
    _, text = text_of(trained(REACHED, MISSED))
    assert "torch_side did not reach accuracy 0.9 within 50 epochs in 2 of 6 trainings (best 0.87)" in text
    assert "keras_side trains 203 ms" in text


def test_where_nobody_came_so_far_there_is_a_table_and_no_chart() -> None:
    page, text = text_of(trained(MISSED, MISSED))
    assert not [one for one in page.elements() if one.attributes.get("id") == "chart-quality"]
    assert "4 of 6 trainings" in text


def test_the_summary_says_who_is_there_first_or_that_somebody_is_not() -> None:
    text = " ".join(" ".join(summary_lines(trained(REACHED, REACHED))).split())
    assert "Time to quality: torch_side is 2.10× as fast as keras_side" in text
    missed = " ".join(" ".join(summary_lines(trained(REACHED, MISSED))).split())
    assert "torch_side did not reach accuracy 0.9 within 50 epochs" in missed
    assert "quality" not in " ".join(summary_lines(timed_alone(2)))


@pytest.mark.parametrize("second", [REACHED, MISSED])
def test_every_link_of_the_page_resolves(second: Quality) -> None:
    page = parse(render_page(trained(REACHED, second)))
    ids = [element.attributes["id"] for element in page.elements() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    links = {element.attributes["href"] for element in page.elements() if "href" in element.attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_every_epoch_is_in_the_samples(tmp_path: Path) -> None:
    save_run(tmp_path, trained(REACHED, MISSED))
    rows = list(csv.DictReader((tmp_path / "samples" / "quality.csv").read_text().splitlines()))
    assert {(row["epoch"], row["train_s"], row["value"]) for row in rows} == {("1", "0.08", "0.87"), ("2", "0.05", "")}
    assert {row["seed"] for row in rows} == {"7"}
