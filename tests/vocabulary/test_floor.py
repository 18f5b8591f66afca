"""What differs by rounding alone is told from what differs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from . import floor
from .check import faults
from .floor import RUNS, nudged, within_floor
from .lab import FRAMEWORKS, Case, Ran, draw
from .words import drawn


def test_every_floating_number_moves_by_one_unit_in_the_last_place() -> None:
    case = drawn("embedding", 1)[0]
    first, *others = [draw(one) for one in nudged(case)]
    assert len(others) == RUNS
    for other in others:
        for arrays, moved in zip(first, other, strict=True):
            for name, array in arrays.items():
                if array.dtype.kind == "f":
                    np.testing.assert_array_equal(np.abs(moved[name] - array), np.spacing(np.abs(array)))
                else:
                    np.testing.assert_array_equal(moved[name], array)
    assert any(not np.array_equal(others[0][1][name], others[1][1][name]) for name in others[0][1])


def settled(noise: float, difference: float, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether a case is the same up to rounding, of this size in each framework, with JAX so far away."""
    made: dict[str, Case] = {}

    def prepare(case: Case, folder: Path) -> None:
        made[str(folder / case.name)] = case

    def answer(framework: str, case: Case) -> Ran:
        rng = np.random.default_rng([case.nudge, FRAMEWORKS.index(framework)])
        gradients = noise * rng.normal(size=50) + difference * (framework == "jax")
        return Ran({"forward/0": np.ones(3), "gradients/a": np.ones(3), "gradients/b": gradients})

    monkeypatch.setattr(floor, "prepared", prepare)
    monkeypatch.setattr(floor, "run_all", lambda *_: None)
    monkeypatch.setattr(floor, "results", lambda home: {name: answer(name, made[str(home)]) for name in FRAMEWORKS})
    found = within_floor(drawn("dense", 1), lambda _case, ran, *_: faults(ran))
    return bool(found)


def test_what_is_no_further_apart_than_rounding_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settled(1e-7, 0.0, monkeypatch)
    assert settled(1e-7, 1e-7, monkeypatch)


def test_what_is_further_apart_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not settled(1e-7, 1e-4, monkeypatch)
    assert not settled(0.0, 1e-7, monkeypatch)


def test_an_error_is_never_rounding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(floor, "run_all", lambda *_: None)
    assert not within_floor(drawn("dense", 1), lambda _case, ran, *_: faults(ran))
