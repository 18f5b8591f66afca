"""Inference and epochs beside training, of contenders whose times are made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paragone.measure.beyond import BATCHES, Asked
from paragone.measure.stage import measure
from paragone.progress import Silent
from paragone.records import Timings
from paragone.trials import Trials

from .conftest import make_contender

LATENCY, THROUGHPUT = "latency", "throughput"
INFERENCE = Asked(BATCHES)


def timed(folder: Path, stand: Any, *sides: str, asked: Asked = INFERENCE) -> Timings:
    return measure(
        [make_contender(side) for side in sides],
        budget_s=5.0,
        seed=0,
        batch_size=32,
        threads=1,
        trials=Trials(folder),
        key={"sides": 1},
        log_folder=folder,
        progress=Silent(),
        asked=asked,
        launch=stand.launch,
    )


def test_latency_and_throughput_are_compared_and_throughput_is_the_best_of_the_sizes(
    tmp_path: Path, stable: Any
) -> None:
    """A call takes 0.1 ms and 1 µs a sample, or 2 µs of the side that steps twice as slowly."""
    found = timed(tmp_path, stable({"torch": 1e-3, "keras": 2e-3}), "torch", "keras")
    torch, keras = found.contenders
    assert torch.latency_s is not None and torch.samples_per_s is not None and keras.samples_per_s is not None
    assert torch.latency_s.mid == pytest.approx(1.01e-4, rel=0.05)
    assert torch.samples_per_s.mid == pytest.approx(512 / 6.12e-4, rel=0.05)
    assert torch.best_batch == 512
    ratios = {one.quantity: one for one in found.ratios}
    assert ratios[THROUGHPUT].verdict == "faster"
    assert ratios[THROUGHPUT].ratio == pytest.approx(6.12 / 11.24, rel=0.05)
    assert ratios[LATENCY].low < 1.01
    assert {LATENCY, THROUGHPUT} <= {one.quantity for one in found.self_test}
    assert found.plan.inference_batches == BATCHES
    assert Timings.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_training_is_measured_as_without_inference(tmp_path: Path, stable: Any) -> None:
    """The peak of the memory and the phases are read before the first call."""
    stand = stable({"torch": 1e-3})
    found = timed(tmp_path, stand, "torch")
    ended = [place for place, call in enumerate(stand.calls) if call[0] == "time_end"]
    for process in {call[2] for call in stand.calls}:
        ops = [call[0] for call in stand.calls if call[2] == process]
        assert ops.index("time_end") < ops.index("time_inference")
    assert len(ended) == 2 * found.plan.sets
    assert all(process.closed for process in stand.launched)
    for one in found.contenders[0].sets:
        assert [at.batch_size for at in one.inference] == list(BATCHES)


def test_who_cannot_be_called_keeps_its_training_and_is_told(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3, "keras": 1e-3})
    stand.cannot_infer = "keras"
    found = timed(tmp_path, stand, "torch", "keras")
    assert [one.status for one in found.contenders] == ["ok", "ok"]
    assert found.contenders[1].latency_s is None
    assert {one.quantity for one in found.ratios} == {"step", "cold start", "peak memory"}
    assert "keras/idiomatic could be timed in nothing but its steps: keras: takes 32 samples" in " ".join(found.notes)


def test_without_being_asked_for_nothing_is_called(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3, "keras": 1e-3})
    found = timed(tmp_path, stand, "torch", "keras", asked=Asked())
    assert "time_inference" not in {call[0] for call in stand.calls}
    assert {one.quantity for one in found.ratios} == {"step", "cold start", "peak memory"}


def test_an_epoch_is_told_with_the_share_that_is_not_its_steps(tmp_path: Path, stable: Any) -> None:
    """45 steps of 1 ms, and 15 ms to make their batches."""
    found = timed(
        tmp_path, stable({"torch": 1e-3, "keras": 2e-3}, noise=0.0), "torch", "keras", asked=Asked(epoch=True)
    )
    torch = found.contenders[0]
    assert torch.epoch_s is not None and torch.pipeline_s is not None and torch.pipeline_share is not None
    assert torch.epoch_s.mid == pytest.approx(0.060, rel=0.05)
    assert torch.pipeline_s.mid == pytest.approx(0.015, rel=0.05)
    assert torch.pipeline_share.low < 0.25 < torch.pipeline_share.high
    assert torch.latency_s is None
    assert next(one for one in found.ratios if one.quantity == "epoch").ratio == pytest.approx(60 / 105, rel=0.05)
