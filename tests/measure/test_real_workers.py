"""The instrument with real processes of a real framework."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from paragone.measure.beyond import Asked, beyond
from paragone.measure.plan import Pace
from paragone.measure.sets import Contender, run_set
from paragone.measure.stage import worker_in
from paragone.sides.from_task import task_sides, write_files
from paragone.task.data.load import load_data
from paragone.workers.spawn import WorkerSpec

SIDE = Path(__file__).resolve().parents[2] / "examples" / "first_task" / "torch_side.py"
PACE = Pace(warmup_s=0.3, timed_s=0.4)

PARENT = """
import sys
from pathlib import Path
from paragone.measure.sets import Contender, run_set
from paragone.measure.plan import Pace
from paragone.measure.stage import worker_in
from paragone.workers.spawn import WorkerSpec

side, data, logs = sys.argv[1:]
torch_side = Contender("torch", "idiomatic", WorkerSpec("torch", "torch", side, data=data))
run_set(0, [torch_side], pace=Pace(timed_s=60.0), seed=0, launch=worker_in(Path(logs)))
"""


@pytest.fixture
def torch_side(tmp_path: Path) -> Contender:
    data = tmp_path / "data.safetensors"
    load_data("digits", seed=0).save(data)
    return Contender("torch", "idiomatic", WorkerSpec("torch", "torch", str(SIDE), data=str(data), threads=1))


def test_a_real_set_adds_up(tmp_path: Path, torch_side: Contender) -> None:
    of_other_tests = set(children(os.getpid()))
    launch = worker_in(tmp_path)
    short = Pace(block_s=0.01, warmup_s=0.05, timed_s=0.05)
    calls = partial(beyond, pace=short, launch=launch, asked=Asked((1, 64), epoch=True))
    record = run_set(0, [torch_side], pace=PACE, seed=0, launch=launch, after=calls)
    assert record.failed == {} == record.beyond_failed
    assert record.twin is not None
    for one in (record.contenders["torch/idiomatic"], record.twin):
        accounted = sum(one.phases_s.model_dump().values()) + one.steady_s
        assert accounted == pytest.approx(one.accounted_s, rel=0.01)
        assert one.accounted_s < one.wall_s
        assert 30 * 2**20 < one.memory_bytes.after_import <= one.memory_bytes.after_build <= one.memory_bytes.peak
        assert all(1e-6 < step_s < 1 for step_s in one.block_step_s)
        assert [at.batch_size for at in one.inference] == [1, 64]
        assert all(1e-7 < call_s < 1 for at in one.inference for call_s in at.block_call_s)
        assert one.epoch is not None and one.epoch.batches > 1
        assert min(one.epoch.block_epoch_s) > 0 < min(one.epoch.block_pipeline_s)
    assert set(children(os.getpid())) <= of_other_tests


def test_the_parent_sleeps_while_a_contender_is_timed(tmp_path: Path, torch_side: Contender) -> None:
    """What this process used besides (other threads of the test run, a processor that is shared) only adds."""
    launch = worker_in(tmp_path)
    sets = (run_set(number, [torch_side], pace=PACE, seed=number, launch=launch) for number in range(5))
    assert any(record.parent_cores <= 0.01 for record in sets)


def test_a_keras_side_with_several_inputs_and_targets_is_timed_in_everything(tmp_path: Path) -> None:
    """`tf.data` would take a list of inputs for one tensor."""
    task = task_sides("waves", "matched", tmp_path)
    write_files(task.sides)
    data = tmp_path / "data.safetensors"
    load_data(task.data, seed=0).save(data)
    keras = next(side for side in task.sides if side.framework == "tensorflow")
    spec = WorkerSpec("keras", "tensorflow", str(keras.path), data=str(data), weight_map=keras.weight_map)
    with worker_in(tmp_path)(Contender("keras", "idiomatic", spec)) as worker:
        worker.call("time_start", track="idiomatic")
        for op, arguments in Asked((1, 8), epoch=True).operations().values():
            assert worker.call(op, track="idiomatic", **arguments)["second_step_s"] > 0
            assert worker.call("time_steps", n=2)["elapsed_s"] > 0


def test_no_worker_stopped_or_running_outlives_a_killed_parent(tmp_path: Path, torch_side: Contender) -> None:
    arguments = [sys.executable, "-c", PARENT, str(SIDE), torch_side.spec.data, str(tmp_path)]
    with subprocess.Popen(arguments) as parent:
        keeper_and_two = 3
        wait_until(
            lambda: "T" in [state(pid) for pid in children(parent.pid)] and len(children(parent.pid)) == keeper_and_two
        )
        workers = children(parent.pid)
        parent.send_signal(signal.SIGKILL)
    wait_until(lambda: all(state(pid) in ("", "Z") for pid in workers))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def state(pid: int) -> str:
    """R, S, T (stopped), Z or, for a process that is gone, nothing."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def wait_until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not reached():
        assert time.monotonic() < deadline
        time.sleep(0.02)
