"""`paragone show` and `paragone tasks`, as a person calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from paragone.task.read import ready_tasks

FRAMEWORKS = ("tensorflow", "keras", "torch", "jax", "flax", "optax")


def paragone(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "paragone.cli", *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_show_prints_every_side_and_writes_the_same(tmp_path: Path) -> None:
    shown = json.loads(paragone("show", "digits-mlp", "--json").stdout)
    assert [side["framework"] for side in shown["sides"]] == ["jax", "tensorflow", "torch"]
    done = paragone("show", "digits-mlp", "--out", str(tmp_path / "sides"))
    assert done.returncode == 0
    for side in shown["sides"]:
        assert (tmp_path / "sides" / side["file"]).read_text(encoding="utf-8") == side["code"]
    printed = paragone("show", "digits-mlp").stdout
    assert all(side["code"].strip() in printed for side in shown["sides"])


def test_show_takes_one_framework_and_both_fidelities() -> None:
    codes = {}
    for fidelity in ("plain", "matched"):
        shown = json.loads(
            paragone("show", "digits-mlp", "--framework", "torch", "--fidelity", fidelity, "--json").stdout
        )
        assert [side["framework"] for side in shown["sides"]] == ["torch"]
        codes[fidelity] = shown["sides"][0]["code"]
    assert "nn.init" in codes["matched"]
    assert "nn.init" not in codes["plain"]


def test_show_imports_no_framework_and_no_numpy() -> None:
    code = (
        "import sys; sys.argv = ['paragone', 'show', 'digits-mlp', '--json']\n"
        "from paragone.cli import cli\n"
        "cli(standalone_mode=False)\n"
        f"found = set(sys.modules) & {{*{FRAMEWORKS!r}, 'numpy'}}\n"
        "assert not found, sorted(found)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_tasks_lists_every_ready_task() -> None:
    found = json.loads(paragone("tasks", "--json").stdout)
    assert [task["name"] for task in found["tasks"]] == list(ready_tasks())
    assert all(task["title"] and task["n_parameters"] > 0 for task in found["tasks"])
    printed = paragone("tasks").stdout
    assert all(name in printed for name in ready_tasks())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "digits-mpl"), "did you mean digits-mlp"),
        (("show", "digits-mlp", "--framework", "pytorch"), "did you mean torch?"),
        (("show", "nowhere.toml"), "no task file"),
        (("prove", "nowhere.toml"), "no task file"),
        (("compare", "digits-mlp", "digits-mlp"), "one task alone"),
        (("show", "digits-mlp", "--out", "/proc/nothing"), "cannot be written"),
    ],
)
def test_bad_input_exits_with_2(words: tuple[str, ...], said: str) -> None:
    done = paragone(*words, COLUMNS="200")
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
