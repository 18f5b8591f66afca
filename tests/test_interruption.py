"""Work that is cut off at any moment: nothing outlives it, no finished trial is lost, and the same command goes on."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import TORCH, Program

# A side that starts processes of its own: in its group, in a session of their own, without our environment, and as a
# copy of itself.
BREEDER = (
    TORCH
    + """
import os
import subprocess
import time

for more in ({}, {"start_new_session": True}, {"env": {}}):
    subprocess.Popen(["sleep", "4242"], **more)
if os.fork() == 0:
    os.setsid()
    while True:
        time.sleep(1)
"""
)
WORDS = ("compare", "torch_side.py", "breeder.py", "--data", "data.py:points", "--steps", "5", "--out", "run", "--json")
MOMENTS = [
    (signal.SIGINT, 130),
    (signal.SIGKILL, -9),
    (signal.SIGTERM, 143),
    (signal.SIGKILL, -9),
    (signal.SIGINT, 130),
]


def test_a_run_that_is_cut_off_again_and_again_comes_to_its_end(program: Program) -> None:
    (program.folder / "breeder.py").write_text(BREEDER)
    dice = random.Random(7)
    kept: set[str] = set()
    cuts = 0
    for number, code in MOMENTS:
        with program.start(*WORDS) as run:
            if not trials_came(program.folder / "run", len(kept) + dice.choice([1, 2, 3]), run):
                break
            time.sleep(dice.uniform(0.0, 0.3))
            run.send_signal(number)
            stdout, stderr = run.communicate(timeout=60)
        if run.returncode == 0:  # it came to its end before the signal did
            break
        cuts += 1
        assert (run.returncode, stdout) == (code, "")
        assert "Traceback" not in stderr
        assert nothing_is_left(program.folder)
        finished = whole_trials(program.folder / "run")
        assert kept <= finished
        kept = finished
    assert cuts >= 2
    written = {name: (program.folder / "run" / "trials" / name).stat().st_mtime_ns for name in kept}
    done = program.run(*WORDS)
    assert done.returncode == 0, done.stderr
    assert nothing_is_left(program.folder)
    record = json.loads(done.stdout)
    assert record == json.loads((program.folder / "run" / "run.json").read_text())
    assert [side["status"] for side in record["sides"]] == ["ok", "ok"]
    assert all((program.folder / "run" / "trials" / name).stat().st_mtime_ns == at for name, at in written.items())
    assert not list((program.folder / "run" / "trials").glob(".*"))


def trials_came(folder: Path, count: int, run: subprocess.Popen[str]) -> bool:
    """Wait until so many trials are finished; False if the run is finished first."""
    while len(list((folder / "trials").glob("*.json"))) < count:
        if (folder / "run.json").exists():
            run.communicate(timeout=60)  # its record waits for a reader
            return False
        assert run.poll() is None, "the run failed before it could be cut off"
        time.sleep(0.01)
    return True


def whole_trials(folder: Path) -> set[str]:
    """The names of the finished trials, each of which can be read."""
    for path in (folder / "trials").glob("*.json"):
        assert {"key", "result", "arrays"} <= set(json.loads(path.read_text(encoding="utf-8")))
    return {path.name for path in (folder / "trials").glob("*.json")}


def nothing_is_left(folder: Path) -> bool:
    """Whether two seconds after the end no process of the run is there: by what it holds open, and by its folder."""
    deadline = time.monotonic() + 2
    while found := left(folder):
        if time.monotonic() > deadline:
            pytest.fail(f"still there: {found}")
        time.sleep(0.05)
    return True


def left(folder: Path) -> list[str]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            inside = (process / "cwd").resolve() == folder
        except OSError:
            continue
        if inside and words:
            found.append(f"{process.name}: {words}")
    return found
