"""`paragone measure --sweep` from beginning to end, with short blocks."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from paragone.measure import plan
from paragone.measure.sweep.wish import wish
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Run
from paragone.run import measure_run
from paragone.saved import read_run
from paragone.workers.operations import Session

from .conftest import Program, write_sides


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A PyTorch side at three batch sizes, one of them larger than its data."""
    folder = tmp_path_factory.mktemp("swept")
    write_sides(folder)
    given = {"data": f"{folder / 'data.py'}:points", "threads": 1, "budget_s": 600.0, "sweep": "batch=1,16,256"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("paragone.measure.sweep.stage.MIN_SWEEP_SETS", 2)
        patch.setattr("paragone.measure.sweep.stage.MAX_SETS", 2)
        patch.setattr(plan, "sweep_pace", lambda: plan.Pace(block_s=0.005, timed_s=0.05, warmup_s=0.05))
        measure_run(CompareOptions((str(folder / "torch_side.py"),), out=folder / "run", **given), Silent())
    return read_run(folder / "run")


def test_every_size_is_timed_in_every_set(swept: Run) -> None:
    assert swept.sweep is not None and swept.timings is None
    (torch,) = swept.sweep.growth
    assert [size.size for size in torch.sizes] == [1, 16, 256]
    for size in torch.sizes:
        assert [one.set for one in size.processes if not one.twin] == [0, 1]
        assert all(step_s > 0 for one in size.processes for step_s in one.block_step_s)
        assert size.step_s is not None and size.why == ""
    assert torch.line is not None and torch.side == "torch"
    assert [one.size for one in swept.sweep.self_test] == [1, 16, 256]


def test_the_command_can_be_given_again(swept: Run) -> None:
    assert "--sweep batch=1,16,256" in swept.reproduce.command
    assert swept.reproduce.options["sweep"] == "batch=1,16,256"


@pytest.mark.parametrize("size", [1, 7, 10, 25])
def test_a_batch_is_as_large_as_it_says_also_beyond_the_data(size: int) -> None:
    data = SimpleNamespace(n_train=10, train=lambda view, rows: ([np.arange(10)[rows]], [np.arange(10)[rows]]))
    adapter = SimpleNamespace(data=data, view=None, batch=lambda x, y: x[0])
    batches = Session._batches(adapter, size)
    assert {len(batch) for batch in batches} == {size}
    assert len(batches) == max(1, 10 // size)
    assert set(np.concatenate(batches)) <= set(range(10))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("torch_side.py", "--sweep", "batch"), "AXIS=SIZES"),
        (("torch_side.py", "--sweep", "hidden.units=1..8"), "these sides are files"),
        (("torch_side.py", "--sweep", "batch=1..64", "--budget", "0.5"), "compare fewer sides or sizes"),
    ],
)
def test_wrong_input_is_told_in_one_message(
    program: Program, lines_of_error: object, words: tuple[str, ...], says: str
) -> None:
    done = program.run("measure", *words, "--data", "data.py:points", "--out", "run")
    assert callable(lines_of_error)
    lines_of_error(done)
    assert says in done.stderr


def test_without_a_budget_a_sweep_may_take_longer_the_more_sizes_it_has() -> None:
    few, many = wish("batch=1,8").budget_s, wish("batch=1..4096").budget_s
    assert CompareOptions.budget_s < few < many
