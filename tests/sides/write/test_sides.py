"""The files that are written: the same bytes every time, clean, and each of them trains when it is run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from paragone.show import Wish, save, shown_task
from paragone.spelling.site import FIDELITIES
from paragone.task.read import ready_tasks

FRAMEWORKS = ("tensorflow", "torch", "jax")
TASKS = tuple(ready_tasks())
SIDES = [(task, fidelity) for task in TASKS for fidelity in FIDELITIES]
RULES = ("--isolated", "--no-cache", "--line-length", "88")
HASH = (
    "import hashlib; from paragone.show import Wish, shown_task; "
    "print(hashlib.sha256(shown_task(Wish('digits-cnn', 'matched')).model_dump_json().encode()).hexdigest())"
)


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All ready tasks in both fidelities: TASK-FIDELITY/FRAMEWORK_side.py."""
    folder = tmp_path_factory.mktemp("sides")
    for task, fidelity in SIDES:
        save(shown_task(Wish(task, fidelity)), folder / f"{task}-{fidelity}")
    return folder


@pytest.fixture(scope="module")
def results(sides: Path) -> dict[str, dict[str, str]]:
    """What every file printed; the files of one framework share a process."""
    found: dict[str, dict[str, str]] = {}
    with ThreadPoolExecutor(len(FRAMEWORKS)) as pool:
        for done in pool.map(lambda prefix: run_all(prefix, sides), ("keras", "torch", "jax")):
            found |= done
    return found


def run_all(prefix: str, sides: Path) -> dict[str, dict[str, str]]:
    files = [str(path) for path in sorted(sides.glob(f"*/{prefix}_side.py"))]
    out = sides / f"{prefix}.json"
    words = [sys.executable, str(Path(__file__).with_name("child.py")), str(out), *files]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "3"}
    subprocess.run(words, env=environment, check=True, capture_output=True)
    found: dict[str, dict[str, str]] = json.loads(out.read_text(encoding="utf-8"))
    return found


@pytest.mark.timeout(1500)
@pytest.mark.parametrize(("task", "fidelity"), SIDES)
def test_every_side_trains_when_it_is_run(
    task: str, fidelity: str, sides: Path, results: dict[str, dict[str, str]]
) -> None:
    for prefix in ("keras", "torch", "jax"):
        result = results[str(sides / f"{task}-{fidelity}" / f"{prefix}_side.py")]
        assert "error" not in result, result["error"]
        numbers = re.findall(r"(?:loss|test)[^\n]*?([-+]?[0-9.]+(?:e[-+]?\d+)?|nan|inf)\s*$", result["printed"], re.M)
        assert "nan" not in result["printed"]
        assert numbers or prefix == "keras"


def test_the_same_task_gives_the_same_bytes() -> None:
    hashes = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        words = [sys.executable, "-c", HASH]
        hashes.add(subprocess.run(words, env=environment, capture_output=True, text=True, check=True).stdout)
    assert len(hashes) == 1


def test_no_side_has_an_idle_import_an_idle_name_or_another_layout_than_ruffs(sides: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    for words in (("check", "--select", "F,E,W,I", "--ignore", "E501"), ("format", "--check")):
        done = subprocess.run([ruff, words[0], *RULES, *words[1:], sides], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_sides_name_nothing_of_ours_and_no_path(sides: Path) -> None:
    for path in sides.glob("*/*.py"):
        text = path.read_text(encoding="utf-8")
        assert "paragone" not in text.lower()
        assert "/home" not in text
        assert "/work" not in text


@pytest.mark.timeout(1500)
def test_sides_type_check(sides: Path) -> None:
    """One process for each framework's files, as modules of one folder."""
    flat = sides / "flat"
    flat.mkdir()
    for path in sides.glob("*/*_side.py"):
        name = re.sub(r"\W", "_", f"{path.parent.name}_{path.stem}")
        (flat / f"{name}.py").write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    words = [sys.executable, "-m", "mypy", "--no-error-summary", "--ignore-missing-imports", "--no-incremental",
             "--config-file=", str(flat)]  # fmt: skip
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
