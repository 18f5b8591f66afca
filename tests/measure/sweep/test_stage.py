from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest

from paragone.measure.plan import MIN_SWEEP_SETS
from paragone.records import Sweep

from .made import made


def two(side: str, batch_size: int, threads: int) -> float:
    """Torch has the smaller overhead, keras the smaller marginal cost: with one thread they meet at 100."""
    overhead_s, each_s = {"torch": (1e-4, 4e-6), "keras": (3e-4, 2e-6)}[side]
    return overhead_s + each_s * batch_size / max(threads, 1)


@pytest.fixture
def stand(stable: Any) -> Any:
    return stable({"torch": 1e-3, "keras": 1e-3}, noise=0.01, grows=two)


def test_lines_and_the_crossing_are_found(tmp_path: Path, stand: Any) -> None:
    found = made(tmp_path, stand, budget_s=1e-3)
    assert found.plan.sets == MIN_SWEEP_SETS
    torch, keras = found.growth
    assert torch.line is not None and keras.line is not None
    assert torch.line.overhead_s.mid == pytest.approx(1e-4, rel=0.1)
    assert keras.line.each_s.mid == pytest.approx(2e-6, rel=0.1)
    (pair,) = found.pairs
    (crossing,) = pair.crossings
    assert (crossing.below, crossing.above) == ("torch", "keras")
    assert crossing.low < 100 < crossing.high
    assert found.trusted
    assert [one.size for one in found.self_test] == [1, 8, 64, 512]


def test_every_process_is_timed_at_every_size_and_started_once(tmp_path: Path, stand: Any) -> None:
    found = made(tmp_path, stand, budget_s=1e-3)
    assert len(stand.launched) == MIN_SWEEP_SETS * (2 + 1)
    assert all(process.closed for process in stand.launched)
    for one in found.growth:
        for size in one.sizes:
            assert sorted(p.set for p in size.processes if not p.twin) == [*range(MIN_SWEEP_SETS)]
    assert sum(call[0] == "time_at" for call in stand.calls) == 4 * len(stand.launched)


def test_other_threads_have_processes_of_their_own_and_no_line(tmp_path: Path, stand: Any) -> None:
    found = made(tmp_path, stand, "threads=1,2,4", budget_s=1e-3)
    assert len(stand.launched) == 3 * MIN_SWEEP_SETS * (2 + 1)
    assert all(one.line is None for one in found.growth)
    assert "1 thread" in found.growth[0].sentence and "4 threads" in found.growth[0].sentence


def test_who_fails_at_a_size_is_a_result_and_the_other_sizes_go_on(tmp_path: Path, stand: Any) -> None:
    stand.fails_at = {"keras": 512}
    found = made(tmp_path, stand, budget_s=1e-3)
    keras = next(one for one in found.growth if one.side == "keras")
    assert [size.step_s is None for size in keras.sizes] == [False, False, False, True]
    assert "out of memory" in keras.sizes[-1].why
    assert "failed at 512" in keras.sentence
    assert [one.size for one in found.pairs[0].ratios] == [1, 8, 64]


def test_an_instrument_that_fails_its_own_test_names_nobody(tmp_path: Path, stable: Any) -> None:
    """Whoever is built second at a size is slower, as no neighbour would do it."""
    factors = itertools.cycle([1.0, 1.5])
    stand = stable({"torch": 1e-3}, noise=0.001, grows=lambda side, size, threads: next(factors) * 1e-3)
    found = made(tmp_path, stand, sides=("torch",), budget_s=1e-3)
    assert not found.trusted
    assert any("failed its own test" in note for note in found.notes)


def test_the_budget_decides_how_many_sets_there_are(
    tmp_path: Path, stand: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(0, 10**6, 20))  # each set takes 20 s
    monkeypatch.setattr("paragone.measure.sweep.sets.time.monotonic", lambda: next(clock))
    found = made(tmp_path, stand, budget_s=130.0)
    assert found.plan.sets == 6
    assert found.notes[0].startswith("the 4 sizes share the budget of 130 s: each of the 6 sets")


def test_finished_sets_are_found_again(tmp_path: Path, stand: Any) -> None:
    first = made(tmp_path, stand, budget_s=1e-3)
    launched = len(stand.launched)
    again = made(tmp_path, stand, budget_s=1e-3)
    assert len(stand.launched) == launched
    assert again == first
    assert Sweep.model_validate_json(first.model_dump_json()) == first
