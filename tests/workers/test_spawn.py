"""A worker, seen from the orchestrator: it answers, or it is clear why not; nothing is left of it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from paragone.errors import WorkerFailure, WorkerHungError, shareable
from paragone.workers.channel import MAX_MESSAGE_BYTES, Channel, ChannelClosedError, ChannelTimeoutError
from paragone.workers.spawn import Worker, WorkerSpec, close_all

SPEC = WorkerSpec("torch", "torch", "side.py")


@pytest.fixture(params=[True, False], ids=["fresh", "forked"])
def fresh(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def worker(tmp_path: Path, fresh: bool) -> Iterator[Worker]:
    with Worker(SPEC, tmp_path / "logs" / "torch.log", "logs/torch.log", fresh) as worker:
        worker.call("time_end", timeout_s=60)
        yield worker


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children() -> set[int]:
    tasks = Path("/proc/self/task").iterdir()
    return {int(child) for task in tasks for child in (task / "children").read_text().split()}


@pytest.fixture
def others(tmp_path: Path) -> set[int]:
    """Processes that are kept for all tests: what forks workers, and the keeper."""
    with Worker(SPEC, tmp_path / "log"):
        return children()


def test_a_worker_answers_and_is_gone_afterwards(tmp_path: Path, fresh: bool, others: set[int]) -> None:
    with Worker(SPEC, tmp_path / "log", fresh=fresh) as worker:
        assert worker.call("time_end", timeout_s=60)["peak_bytes"] > 2**20
        assert worker.alive
    assert not worker.alive
    assert not is_there(worker.pid)
    assert children() <= others


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (signal.SIGKILL, "out of memory"),
        (signal.SIGSEGV, "segmentation fault"),
        (signal.SIGABRT, "aborted"),
        (signal.SIGTERM, "terminated"),
        (signal.SIGRTMIN + 3, "killed by"),
    ],
)
def test_a_death_is_told_by_its_signal(worker: Worker, number: int, says: str) -> None:
    os.kill(worker.pid, number)
    with pytest.raises(WorkerFailure, match=says) as caught:
        worker.call("time_end", timeout_s=60)
    assert caught.value.reason.startswith("torch: ")
    assert caught.value.log == "logs/torch.log"
    assert not worker.alive


def test_a_worker_that_died_between_two_calls_says_so_at_the_next(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGKILL)
    time.sleep(0.1)
    for _ in range(2):
        with pytest.raises(WorkerFailure):
            worker.call("time_end", timeout_s=60)


def test_a_worker_that_hangs_is_killed(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGSTOP)
    with pytest.raises(WorkerHungError, match="no answer to 'time_end' within 1 s"):
        worker.call("time_end", timeout_s=1)
    assert not is_there(worker.pid)


def test_a_paused_worker_uses_no_processor_and_goes_on(worker: Worker) -> None:
    worker.pause()
    time.sleep(0.1)
    assert Path(f"/proc/{worker.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"
    assert worker.call("time_end", timeout_s=60)["steps"] == 0


def test_a_worker_that_raises_goes_on(worker: Worker) -> None:
    with pytest.raises(WorkerFailure, match="AttributeError"):
        worker.call("nonsense", timeout_s=60)
    assert worker.call("time_end", timeout_s=60)["steps"] == 0


def test_a_program_that_is_not_there_is_a_failure(tmp_path: Path, others: set[int]) -> None:
    spec = WorkerSpec("torch", "torch", "side.py", python="/nowhere/bin/python")
    with pytest.raises(WorkerFailure, match="could not be started"):
        Worker(spec, tmp_path / "log")
    assert children() <= others


def test_a_program_that_is_no_python_is_a_failure(tmp_path: Path) -> None:
    spec = WorkerSpec("torch", "torch", "side.py", python="/bin/true")
    with Worker(spec, tmp_path / "log") as worker, pytest.raises(WorkerFailure, match="exited with code 0"):
        worker.call("time_end", timeout_s=60)


def test_files_in_the_users_folder_do_not_stand_for_modules_of_python(
    tmp_path: Path, fresh: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("socket", "json", "select", "paragone", "numpy"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('the wrong module')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARAGONE_TEST", "an environment of its own")
    with Worker(SPEC, tmp_path / "log", fresh=fresh) as worker:
        assert worker.call("time_end", timeout_s=60)["steps"] == 0


def test_all_workers_can_be_closed_at_once(tmp_path: Path, fresh: bool, others: set[int]) -> None:
    workers = [Worker(SPEC, tmp_path / f"log-{n}", fresh=fresh) for n in range(3)]
    pids = [worker.pid for worker in workers]
    workers[1].pause()
    close_all()
    assert not any(is_there(pid) for pid in pids)
    assert children() < others


def test_a_worker_may_be_closed_twice_and_while_it_is_asked(worker: Worker) -> None:
    os.kill(worker.pid, signal.SIGSTOP)
    Thread(target=lambda: (time.sleep(0.3), worker.close())).start()
    with pytest.raises(WorkerFailure):
        worker.call("time_end", timeout_s=60)
    worker.close()


GRANDCHILDREN = """
import subprocess, sys, time
from pathlib import Path
from paragone.workers.kept import KEPT
from paragone.workers.processes import Started

code = '''
import subprocess, sys, time
for more in ({}, {"start_new_session": True}, {"env": {}}):
    print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], **more).pid, flush=True)
time.sleep(600)
'''
def spawn(mark):
    import os
    return Started(subprocess.Popen([sys.executable, "-c", code], env={**os.environ, **mark}, start_new_session=True))

process = KEPT.begin(spawn)
sys.stdin.readline()
KEPT.end(process)
print("closed", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("ending", ["closed", "killed", "terminated"])
def test_what_a_worker_started_ends_with_it_or_with_the_orchestrator(ending: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", GRANDCHILDREN], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdin is not None
        pids = [int(parent.stdout.readline()) for _ in range(3)]
        assert all(is_there(pid) for pid in pids)
        if ending == "closed":
            parent.stdin.write("\n")
            parent.stdin.flush()
            assert parent.stdout.readline() == "closed\n"
        else:
            parent.send_signal(signal.SIGKILL if ending == "killed" else signal.SIGTERM)
            parent.wait()
        deadline = time.monotonic() + 2
        while any(is_there(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not any(is_there(pid) for pid in pids)
        parent.kill()


# ---------------------------------------------------------------------- the line


@pytest.fixture
def line() -> Iterator[tuple[Channel, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield Channel(ours), theirs


def test_messages_arrive_whole_and_in_order(line: tuple[Channel, socket.socket]) -> None:
    channel, other = line
    text = json.dumps({"n": 1, "text": "ü\n" * 2000}) + "\n" + json.dumps({"n": 2}) + "\n"
    Thread(target=lambda: [other.sendall(bytes([byte])) for byte in text.encode()]).start()
    assert [channel.receive(30)["n"], channel.receive(30)["n"]] == [1, 2]


@pytest.mark.parametrize("rubbish", [b"[1]\n", b'"text"\n', b"7\n"])
def test_what_is_no_message_closes_the_line(line: tuple[Channel, socket.socket], rubbish: bytes) -> None:
    channel, other = line
    other.sendall(rubbish)
    with pytest.raises(ChannelClosedError):
        channel.receive(5)


@pytest.mark.parametrize("rubbish", [b"\xff\xfe\n", b"{\n", b"nonsense\n"])
def test_what_is_no_json_is_an_error_of_value(line: tuple[Channel, socket.socket], rubbish: bytes) -> None:
    channel, other = line
    other.sendall(rubbish)
    with pytest.raises(ValueError, match=r".+"):
        channel.receive(5)


def test_a_message_that_never_ends_is_cut_off(line: tuple[Channel, socket.socket]) -> None:
    channel, other = line

    def flood() -> None:
        try:
            while True:
                other.sendall(b"x" * 2**16)
        except OSError:
            return

    Thread(target=flood, daemon=True).start()
    with pytest.raises(ChannelClosedError, match=str(MAX_MESSAGE_BYTES)):
        channel.receive(60)
    channel.close()


def test_silence_is_a_timeout_and_an_end_is_an_end(line: tuple[Channel, socket.socket]) -> None:
    channel, other = line
    with pytest.raises(ChannelTimeoutError):
        channel.receive(0.1)
    other.close()
    with pytest.raises(ChannelClosedError):
        channel.receive(5)


# ---------------------------------------------------------------------- what may be shared


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("No such file: '/data/jane/x.npz'", "No such file: 'x.npz'"),
        ("~/models/net.py failed", "net.py failed"),
        ('File "/usr/lib/python3/ast.py", line 3', 'File "ast.py", line 3'),
        ("see https://pytorch.org/docs/stable", "see https://pytorch.org/docs/stable"),
        ("step/s and 3/4 of x/y", "step/s and 3/4 of x/y"),
        ("in models/net.py", "in models/net.py"),
    ],
)
def test_a_shared_text_names_no_folder(text: str, shared: str) -> None:
    assert shareable(text) == shared


def test_a_shared_text_does_not_name_the_user(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "jane doe"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    assert shareable(f"{home}/x/net.py and {home}") == "x/net.py and the working folder"
