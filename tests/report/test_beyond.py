from __future__ import annotations

import pytest

from paragone.measure.beyond import BATCHES
from paragone.records import ContenderTiming, Epoch, Inference, Interval, Run
from paragone.report.page import render_page
from paragone.report.phrases import plain
from paragone.report.sections.epoch import told_epochs
from paragone.report.summary import summary_lines

from .html_tree import Element, parse
from .sample import timed_alone
from .sample_ratio import ratio


def with_inference(one: ContenderTiming) -> ContenderTiming:
    """The same contender with calls of 0.2 ms, and 400,000 samples a second at best."""
    calls = tuple(
        Inference(
            batch_size=size,
            ready_s=0.1,
            warmup_s=0.3,
            warm=True,
            calls_per_block=50,
            block_call_s=(2e-4, 2.1e-4),
            spent_s=0.7,
        )
        for size in BATCHES
    )
    epoch = Epoch(batches=45, block_epoch_s=(0.06, 0.061), block_pipeline_s=(0.015, 0.016), spent_s=1.0)
    return one.model_copy(
        update={
            "epoch_s": Interval(mid=0.0603, low=0.059, high=0.062, n=4),
            "pipeline_s": Interval(mid=0.0152, low=0.014, high=0.016, n=4),
            "pipeline_share": Interval(mid=0.247, low=0.22, high=0.27, n=4),
            "latency_s": Interval(mid=2.01e-4, low=1.9e-4, high=2.1e-4, n=4),
            "samples_per_s": Interval(mid=4.02e5, low=3.9e5, high=4.1e5, n=4),
            "best_batch": 512,
            "sets": tuple(of_set.model_copy(update={"inference": calls, "epoch": epoch}) for of_set in one.sets),
        }
    )


@pytest.fixture(scope="module")
def inferred() -> Run:
    run = timed_alone(2)
    assert run.timings is not None
    timings = run.timings
    found = timings.model_copy(
        update={
            "contenders": tuple(map(with_inference, timings.contenders)),
            "plan": timings.plan.model_copy(update={"inference_batches": BATCHES}),
            "ratios": (
                *timings.ratios,
                ratio("keras_side", "torch_side", "latency", 2.1, 0.01),
                ratio("keras_side", "torch_side", "throughput", 0.7, 0.01),
            ),
        }
    )
    return run.model_copy(update={"timings": found})


@pytest.fixture(scope="module")
def page(inferred: Run) -> Element:
    return parse(render_page(inferred))


def test_latency_and_throughput_stand_in_the_table_with_their_batch_size(page: Element) -> None:
    text = page.find(id="chart-inference").text()
    for words in ("201 µs", "190 µs to 210 µs", "402,000", "390,000 to 410,000", "512"):
        assert words in text
    how = page.find(id="timing").text()
    assert "at batch sizes 1, 64 and 512" in how


def test_an_epoch_is_told_with_its_pipeline(page: Element) -> None:
    text = page.find(id="timing").text()
    share = "of which 24.7 % (22 % to 27 %) is not its training steps"
    assert f"An epoch of keras_side takes 60.3 ms, {share}; to make its batches alone takes 15.2 ms." in text


def test_a_share_that_may_be_nothing_is_not_told_as_a_figure(inferred: Run) -> None:
    assert inferred.timings is not None
    noisy = inferred.timings.contenders[0].model_copy(update={"pipeline_share": Interval(mid=0.1, low=-0.2, high=0.4)})
    (told,) = told_epochs(inferred.timings.model_copy(update={"contenders": (noisy,)}))
    assert "how much of it is not its training steps was not seen, at most 40 %" in plain(told)


def test_every_link_of_the_page_resolves(page: Element) -> None:
    ids = [element.attributes["id"] for element in page.elements() if "id" in element.attributes]
    assert len(ids) == len(set(ids))
    links = {element.attributes["href"] for element in page.elements() if "href" in element.attributes}
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_summary_says_who_answers_sooner_and_who_does_more(inferred: Run) -> None:
    text = " ".join(" ".join(summary_lines(inferred)).split())
    assert "Latency" in text and "torch_side is 2.10× as fast as keras_side" in text
    assert "Throughput" in text


def test_a_run_without_inference_says_nothing_of_it() -> None:
    run = timed_alone(2)
    assert "chart-inference" not in render_page(run)
    assert "Latency" not in " ".join(summary_lines(run))
