"""The run's folder: whose it is, that it can be written, and that only one run works in it."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from paragone.errors import InputError
from paragone.folder import run_folder, share_logs
from paragone.trials import Trials

WAITS = """
import sys
from pathlib import Path
from paragone.folder import run_folder
with run_folder(Path(sys.argv[1]), fresh=False):
    print("mine", flush=True)
    sys.stdin.read()
"""


def test_a_new_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    with run_folder(tmp_path / "runs" / "a", fresh=False) as folder:
        assert folder.is_dir()


def test_an_empty_folder_and_that_of_an_earlier_run_are_taken(tmp_path: Path) -> None:
    for _ in range(2):
        with run_folder(tmp_path, fresh=False) as folder:
            Trials(folder).keep("kind", {}, {"x": 1})
    assert Trials(tmp_path).recall("kind", {}) is not None


def test_fresh_forgets_the_finished_trials(tmp_path: Path) -> None:
    with run_folder(tmp_path, fresh=False) as folder:
        Trials(folder).keep("kind", {}, {"x": 1})
    with run_folder(tmp_path, fresh=True) as folder:
        assert Trials(folder).recall("kind", {}) is None


def test_arrays_on_their_way_in_a_killed_run_are_cleared_away(tmp_path: Path) -> None:
    with run_folder(tmp_path, fresh=False) as folder:
        (folder / "exchange").mkdir()
        (folder / "exchange" / "abc.in").write_bytes(b"x")
    with run_folder(tmp_path, fresh=False) as folder:
        assert not (folder / "exchange").exists()


def test_a_folder_that_is_not_a_runs_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="not made by a run"), run_folder(tmp_path, fresh=True):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError) as caught, run_folder(place, fresh=False):
            pass
        assert caught.value.where == f"--out {place}"


@pytest.mark.parametrize("place", ["/proc/paragone", "/dev/null/run", "/sys/run"])
def test_a_place_that_cannot_be_written_to(place: str) -> None:
    with pytest.raises(InputError) as caught, run_folder(Path(place), fresh=False):
        pass
    assert place in str(caught.value)
    assert caught.value.received
    assert caught.value.next_step


def test_only_one_run_works_in_a_folder_and_a_killed_one_gives_it_free(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WAITS, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        with pytest.raises(InputError, match="Another run is at work"), run_folder(tmp_path, fresh=False):
            pass
        other.kill()
        other.wait()
    with run_folder(tmp_path, fresh=False):
        pass


def test_a_disk_that_is_full_is_the_folders_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No space left"), run_folder(tmp_path, fresh=False):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_file_of_the_folder_that_cannot_be_used_is_the_folders_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="Is a directory"), run_folder(tmp_path, fresh=False) as folder:
        (folder / "trials").mkdir()
        (folder / "trials").write_text("x")


def test_another_fault_is_not_blamed_on_the_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), run_folder(tmp_path, fresh=False):
        (tmp_path.parent / "nowhere").read_text()


def test_logs_are_made_fit_to_be_shared(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.log").write_bytes(b'File "/home/jane doe/side.py", line 3\n' + bytes(range(128, 256)))
    (logs / "b.log").write_bytes(b"x" * 3_000_000 + b"the end")
    share_logs(tmp_path)
    assert "/home" not in (logs / "a.log").read_text()
    assert "side.py" in (logs / "a.log").read_text()
    assert (logs / "b.log").stat().st_size <= 2**20
    assert (logs / "b.log").read_text().endswith("the end")
