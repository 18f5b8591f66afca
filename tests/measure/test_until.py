"""Training until it is good enough, of contenders whose times and learning are made up."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from paragone.measure.beyond import Asked
from paragone.measure.goal import Goal
from paragone.measure.stage import measure
from paragone.progress import Silent
from paragone.records import Timings, UntilGoal
from paragone.trials import Trials

from .conftest import make_contender

GOAL = Goal("accuracy", 0.8, 5)
QUALITY = "time to quality"
BUDGET_S = 200.0


def timed(folder: Path, stand: Any, *sides: str, goal: Goal = GOAL, budget_s: float = BUDGET_S) -> Timings:
    return measure(
        [make_contender(side) for side in sides],
        budget_s=budget_s,
        seed=0,
        batch_size=32,
        threads=1,
        trials=Trials(folder),
        key={"sides": 1},
        log_folder=folder,
        progress=Silent(),
        asked=Asked(goal=goal),
        launch=stand.launch,
    )


def test_the_clock_runs_over_the_training_alone(tmp_path: Path, stable: Any) -> None:
    """Three epochs of 45 steps, half a second to compile; 3 seconds a look at the test set are told beside."""
    found = timed(tmp_path, stable({"torch": 1e-3, "keras": 2e-3}), "torch", "keras", goal=Goal("accuracy", 0.799, 5))
    torch, keras = (one.quality for one in found.contenders)
    assert torch is not None and keras is not None and torch.train_s is not None and keras.train_s is not None
    assert torch.train_s.mid == pytest.approx(0.5 + 3 * 0.045)
    assert keras.train_s.mid == pytest.approx(0.5 + 3 * 0.090)
    assert torch.first_epoch_s == pytest.approx(0.545)
    assert torch.evaluate_s == 9.0
    assert torch.epochs == (3, 3) and torch.reached == torch.processes
    (ratio,) = (one for one in found.ratios if one.quantity == QUALITY)
    assert ratio.ratio == pytest.approx(0.635 / 0.770)
    assert QUALITY in {one.quantity for one in found.self_test}
    assert found.plan.until == UntilGoal(metric="accuracy", level=0.799, epochs=5)
    assert Timings.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_everybody_of_a_set_has_its_seed_and_every_set_another(tmp_path: Path, stable: Any) -> None:
    """So that a lucky seed is one for all: each set's ratio is of as many epochs on both sides."""
    stand = stable({"torch": 1e-3, "keras": 2e-3}, noise=0.0)
    stand.learns = lambda side, seed, epoch: 0.9 if epoch > seed % 4 else 0.1
    found = timed(tmp_path, stand, "torch", "keras")
    torch, keras = ([one.until for one in contender.sets] for contender in found.contenders)
    assert [one.seed for one in torch] == [one.seed for one in keras]
    assert len({one.seed for one in torch}) == found.plan.sets > 2
    assert [len(one.epoch_s) for one in torch] == [1 + one.seed % 4 for one in torch]
    for number in range(found.plan.sets):
        assert len({seed for _, seed in stand.seeds[3 * number : 3 * number + 3]}) == 1


def test_where_a_training_did_not_come_so_far_no_time_is_told(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3, "keras": 2e-3})
    stand.learns = lambda side, seed, epoch: 0.9 if side == "torch" else 0.7 + 0.01 * epoch
    found = timed(tmp_path, stand, "torch", "keras", budget_s=40.0)
    torch, keras = (one.quality for one in found.contenders)
    assert torch is not None and torch.train_s is not None and torch.epochs == (1, 1)
    assert keras is not None and keras.train_s is None and keras.epochs is None
    assert (keras.reached, keras.best) == (0, pytest.approx(0.75))
    assert all(len(one.until.epoch_s) == GOAL.epochs for one in found.contenders[1].sets if one.until)
    assert QUALITY not in {one.quantity for one in found.ratios}


def test_a_training_that_diverges_goes_on_to_its_end_and_is_told(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3})
    stand.learns = lambda side, seed, epoch: math.nan
    found = timed(tmp_path, stand, "torch", goal=Goal("loss", 0.1, 3), budget_s=40.0)
    quality = found.contenders[0].quality
    assert quality is not None and quality.best is None and quality.reached == 0
    assert Timings.model_validate_json(found.model_dump_json(by_alias=True)) == found


def test_who_fails_in_it_keeps_its_steps(tmp_path: Path, stable: Any) -> None:
    stand = stable({"torch": 1e-3, "keras": 1e-3}, fails=("keras", "time_until_epoch", 1))
    found = timed(tmp_path, stand, "torch", "keras", budget_s=40.0)
    assert [one.status for one in found.contenders] == ["ok", "ok"]
    assert found.contenders[1].quality is None
    assert QUALITY not in {one.quantity for one in found.ratios}
    assert "keras/idiomatic could be timed in nothing but its steps" in " ".join(found.notes)


def test_a_run_goes_on_while_the_seeds_leave_open_who_is_ahead(tmp_path: Path, stable: Any) -> None:
    """A step is decided at the first look; a lucky side has one epoch where the other has five."""
    steps = {"torch": 1e-3, "keras": 4e-3}
    sure = stable(steps, noise=0.0)
    sure.learns = lambda side, seed, epoch: 0.9
    open_ = stable(steps, noise=0.0)
    open_.learns = lambda side, seed, epoch: 0.9 if epoch > (seed + (side == "keras")) % 2 * 4 else 0.1
    ended = [
        timed(tmp_path / str(place), stand, "torch", "keras", budget_s=1000.0).plan
        for place, stand in enumerate((sure, open_))
    ]
    assert ended[0].stopped == "decided"
    assert ended[1].sets > ended[0].sets
