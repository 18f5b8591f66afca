"""The trials of the instrument: what is planted is there, and what they came to is counted right."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from tests.measure.conftest import Stable, make_contender

from benchmarks import instrument as bench


def trial(tmp_path: Path, planted: float, noise: float = 0.01, number: int = 0) -> bench.Row:
    stand = Stable({bench.PLAIN: 0.001, bench.PLANTED: 0.001}, noise=noise)
    stand.launched = [None] * (1000 * number)  # type: ignore[list-item] # other processes, which draw other noise
    stand.alive = lambda: []  # type: ignore[method-assign]
    row = bench.trial(
        make_contender("torch"),
        planted,
        budget_s=150.0,
        seed=number,
        folder=tmp_path / f"{planted}-{number}",
        launch=stand.launch,
    )
    return row | {"side": "torch", "regime": "idle"}


def test_a_slowed_process_takes_so_many_steps_more_and_carries_over_what_is_left() -> None:
    asked: list[int] = []

    class Counting:
        pid = 1

        def call(self, op: str, **arguments: Any) -> dict[str, Any]:
            asked.append(arguments.get("n", -1))
            return {}

    slowed = bench.Slowed(Counting(), 0.05)  # type: ignore[arg-type]
    for _ in range(40):
        slowed.call("time_steps", n=7)
    slowed.call("time_end")
    assert sum(asked[:-1]) == 40 * 7 + 14
    assert asked[-1] == -1


def test_what_is_planted_is_found_and_its_size_held(tmp_path: Path) -> None:
    row = trial(tmp_path, 0.1)
    assert row["verdict"] == "faster"  # the side as it is, beside the one that is slowed
    assert row["low"] < 1.1 < row["high"]
    assert row["sets"] <= row["most_sets"]


def test_where_nothing_is_planted_nothing_is_found(tmp_path: Path) -> None:
    rows = [trial(tmp_path, 0.0, number=number) for number in range(4)]
    assert {row["verdict"] for row in rows} == {"tie"}
    assert len({row["ratio"] for row in rows}) == 4


@pytest.mark.parametrize(("count", "of", "high"), [(0, 250, 0.0119), (2, 250, 0.0249), (3, 3, 1.0)])
def test_the_bound_is_clopper_and_pearsons(count: int, of: int, high: float) -> None:
    assert bench.bounds(count, of)[1] == pytest.approx(high, abs=2e-4)  # 1 - 0.05 ** (1 / 250) for the first


def test_rows_are_kept_and_counted(tmp_path: Path) -> None:
    row = trial(tmp_path, 0.0)
    alarm = row | {"verdict": "slower", "low": 1.01, "high": 1.05}
    path = tmp_path / "rows.json"
    bench.save(path, [row] * 9)
    bench.save(path, [*bench.read(path), alarm])
    assert len(bench.read(path)) == 10
    text = path.with_suffix(".md").read_text()
    assert "False alarms, all regimes together: 1 of 10, at most 39.4 %" in text
    assert "| torch, idle, 150 s | 0 % | 10 | 1 (0.5 to 39.4 %) | 0 | 9 of 10 |" in text


def test_intervals_at_95_are_counted_with_their_width(tmp_path: Path) -> None:
    rows = [trial(tmp_path, 0.1, number=number) for number in range(6)]
    for row in rows:
        found = bench.at_95(row)
        assert row["low"] < found.low < row["ratio"] < found.high < row["high"]  # narrower than at 99 %
    held = sum(bench.at_95(row).low <= 1.1 <= bench.at_95(row).high for row in rows)
    text = bench.page(rows)
    assert f"Intervals at 95 % held the truth in {held} of 6 injections" in text
    assert "Half their width, in the median: ± " in text
    assert "No slowness was planted yet." in bench.page([trial(tmp_path, 0.0)])


def test_an_idle_machine_must_have_been_idle() -> None:
    note = "other programs kept up to 1.6 cores busy while contenders were timed (sets: 1)"
    assert bench.usable({"regime": "idle", "others": []})
    assert not bench.usable({"regime": "idle", "others": [note]})
    assert bench.usable({"regime": "hog", "others": [note]})


def test_a_neighbour_works_while_the_block_runs() -> None:
    from paragone.measure.neighbours import Watch

    with bench.neighbour("hog"):
        time.sleep(0.2)
        watch = Watch([])
        time.sleep(0.3)
        assert watch.other_cores() > 0.2
    with bench.neighbour("idle"):
        pass
