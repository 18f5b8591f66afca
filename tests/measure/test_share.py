"""The share of the best matrix product, of contenders whose times are made up: keras multiplies at half the speed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paragone.measure.beyond import Asked
from paragone.measure.stage import measure
from paragone.progress import Silent
from paragone.records import Timings
from paragone.trials import Trials
from paragone.work import Work

from .conftest import make_contender


def timed(folder: Path, stand: Any, *sides: str, asked: Asked) -> Timings:
    return measure(
        [make_contender(side) for side in sides],
        budget_s=40.0,
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


def test_all_are_measured_by_one_yardstick_the_best_of_the_run(tmp_path: Path, stable: Any) -> None:
    """1,000 operations a sample, 32 samples, three passes: 96 kFLOP in 1 ms, of 1 GFLOP/s at best."""
    stand = stable({"torch": 1e-3, "keras": 2e-3}, noise=0.0)
    found = timed(tmp_path, stand, "torch", "keras", asked=Asked(share=True, work=Work(1000.0)))
    assert found.yardstick is not None
    assert (found.yardstick.by, found.yardstick.size) == ("torch", 512)
    assert found.yardstick.flops_per_s.mid == pytest.approx(1e9)
    torch, keras = (one.share for one in found.contenders)
    assert torch is not None and torch.share is not None and keras is not None and keras.share is not None
    assert torch.step_flops == keras.step_flops == 96_000.0
    assert torch.share.mid == pytest.approx(0.096, rel=0.03)
    assert keras.share.mid == pytest.approx(0.048, rel=0.03)
    assert {one.quantity for one in found.ratios} == {"step", "cold start", "peak memory"}
    assert Timings.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_work_that_cannot_be_counted_is_said_with_its_layer(tmp_path: Path, stable: Any) -> None:
    found = timed(tmp_path, stable({"torch": 1e-3}), "torch", asked=Asked(share=True))
    share = found.contenders[0].share
    assert share is not None and share.share is None and share.flops_per_s is None
    assert share.unknown == "layer Odd, line 3"
    assert found.yardstick is not None


def test_each_side_is_counted_where_there_is_no_task(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3})
    stand.forward_flops = 500.0
    share = timed(tmp_path, stand, "torch", asked=Asked(share=True)).contenders[0].share
    assert share is not None and share.step_flops == 3 * 32 * 500.0


def test_without_being_asked_for_nothing_is_multiplied(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3})
    found = timed(tmp_path, stand, "torch", asked=Asked())
    assert found.yardstick is None and found.contenders[0].share is None
    assert "time_products" not in {call[0] for call in stand.calls}


def test_who_fails_in_it_keeps_its_steps(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3, "keras": 1e-3}, fails=("keras", "time_products", 0))
    found = timed(tmp_path, stand, "torch", "keras", asked=Asked(share=True, work=Work(1000.0)))
    assert [one.status for one in found.contenders] == ["ok", "ok"]
    assert found.contenders[0].share is not None and found.contenders[1].share is None
