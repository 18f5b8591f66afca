"""Workers that are forked from a process with their framework imported: nothing has happened in it but the import."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from paragone.errors import WorkerFailure
from paragone.frameworks.registry import frameworks
from paragone.workers.processes import MAX_SERVERS, SERVERS
from paragone.workers.spawn import Worker, WorkerSpec

THREADS_OF_ALGEBRA = 2
"""NumPy and SciPy each bring a library that starts a thread for every further core as soon as it is loaded."""


@pytest.fixture(autouse=True)
def without_servers() -> Iterator[None]:
    SERVERS.close()
    yield
    SERVERS.close()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def threads_of(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def is_gone_within(seconds: float, pid: int) -> bool:
    deadline = time.monotonic() + seconds
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not Path(f"/proc/{pid}").exists()


@pytest.mark.parametrize("framework", sorted(frameworks()))
def test_before_the_fork_no_thread_of_the_framework_exists(framework: str, tmp_path: Path) -> None:
    with Worker(WorkerSpec(framework, framework, "side.py", threads=1), tmp_path / "log") as worker:
        worker.call("time_end")
        assert threads_of(parent_of(worker.pid)) == 1  # OMP_NUM_THREADS=1 holds for the algebra too
    with Worker(WorkerSpec(framework, framework, "side.py"), tmp_path / "log") as worker:
        worker.call("time_end")
        assert threads_of(parent_of(worker.pid)) <= 1 + THREADS_OF_ALGEBRA * ((os.cpu_count() or 1) - 1)


def test_workers_of_one_environment_share_an_import_and_others_do_not(tmp_path: Path) -> None:
    kinds = [
        WorkerSpec("a", "torch", "a.py", dtype="float64"),
        WorkerSpec("b", "torch", "b.py", dtype="float32"),
        WorkerSpec("c", "torch", "c.py", threads=1),
        WorkerSpec("d", "jax", "d.py"),
    ]
    workers = [Worker(spec, tmp_path / "log") for spec in kinds]
    servers = [parent_of(worker.pid) for worker in workers]
    assert servers[0] == servers[1]
    assert len(set(servers)) == 3
    assert os.getpid() not in servers


def test_a_server_that_is_not_asked_any_more_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    servers = []
    for number in range(MAX_SERVERS + 1):
        monkeypatch.setenv("PARAGONE_TEST", str(number))
        with Worker(WorkerSpec("side", "nothing", "side.py"), tmp_path / "log") as worker:
            servers.append(parent_of(worker.pid))
    assert is_gone_within(1, servers[0])
    assert all(Path(f"/proc/{server}").exists() for server in servers[1:])


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_a_server_that_dies_takes_its_workers_along_and_the_next_worker_has_a_new_one(
    number: int, tmp_path: Path
) -> None:
    spec = WorkerSpec("side", "nothing", "side.py")
    with Worker(spec, tmp_path / "log") as worker:
        pid, server = worker.pid, parent_of(worker.pid)
        os.kill(server, number)
        assert is_gone_within(2, pid)
        with pytest.raises(WorkerFailure, match="killed by the system"):
            worker.call("time_end", timeout_s=60)
    with Worker(spec, tmp_path / "log") as worker:
        assert worker.call("time_end", timeout_s=60)["steps"] == 0
        assert parent_of(worker.pid) != server


def test_a_worker_may_be_closed_before_there_is_one(tmp_path: Path) -> None:
    worker = Worker(WorkerSpec("side", "tensorflow", "side.py"), tmp_path / "log")
    failures: list[WorkerFailure] = []

    def ask() -> None:
        try:
            worker.call("time_end")
        except WorkerFailure as failure:
            failures.append(failure)

    waiting = Thread(target=ask)
    waiting.start()
    worker.close()
    waiting.join(timeout=2)
    assert len(failures) == 1
    with Worker(worker.spec, tmp_path / "log") as another:
        assert another.call("time_end", timeout_s=60)["steps"] == 0
    with Worker(worker.spec, tmp_path / "log") as another:  # the fork server has seen the end of the first by now
        assert another.call("time_end", timeout_s=60)["steps"] == 0


def test_what_cannot_be_imported_is_told_by_the_worker(tmp_path: Path) -> None:
    spec = WorkerSpec("side", "torch", "side.py", preload=("there_is_no_such_module",))
    with (
        Worker(spec, tmp_path / "log") as worker,
        pytest.raises(WorkerFailure, match="ModuleNotFoundError: No module named 'there_is_no_such_module'"),
    ):
        worker.call("describe", seed=0)
