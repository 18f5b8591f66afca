"""Every bad file, in a worker of its own: the error or the failure that `bad/expect.toml` names."""

from __future__ import annotations

import os
import resource
import signal
import tomllib
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from paragone.errors import InputError, WorkerFailure
from paragone.sides.scan import scan_sides
from paragone.task.data.load import load_data
from paragone.workers.spawn import Worker, WorkerSpec

HERE = Path(__file__).parent / "bad"
EXPECT: dict[str, dict[str, Any]] = tomllib.loads((HERE / "expect.toml").read_text(encoding="utf-8"))
IN_A_WORKER = {name: expect for name, expect in EXPECT.items() if not expect.get("reading")}
MEMORY_BYTES = 12 * 2**30
HANGS_AFTER_S = 20.0


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("digits") / "data.safetensors"
    load_data("digits", seed=0).save(path)
    return path


def spec(name: str, digits: Path, selector: str = "") -> WorkerSpec:
    path = str(HERE / f"{name}.py")
    return WorkerSpec(name, EXPECT[name]["framework"], path, selector=selector, data=str(digits), threads=1)


def describe(name: str, digits: Path, folder: Path, selector: str = "", timeout_s: float = 300.0) -> dict[str, Any]:
    with Worker(spec(name, digits, selector), folder / "worker.log") as worker:
        if EXPECT[name].get("limited") == "memory":
            resource.prlimit(worker.pid, resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        return worker.call("describe", timeout_s=timeout_s, seed=0)


@pytest.mark.parametrize("name", sorted(name for name, expect in EXPECT.items() if expect.get("reading")))
def test_what_reading_shows(name: str) -> None:
    with pytest.raises(InputError) as caught:
        scan_sides((str(HERE / f"{name}.py"),))
    says(str(caught.value), name)


@pytest.mark.parametrize("name", sorted(name for name, expect in IN_A_WORKER.items() if expect["outcome"] == "input"))
def test_what_only_running_shows(name: str, digits: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        describe(name, digits, tmp_path)
    says(str(caught.value), name)
    assert caught.value.next_step


@pytest.mark.parametrize("name", sorted(name for name, expect in IN_A_WORKER.items() if expect["outcome"] == "failed"))
def test_what_fails(name: str, digits: Path, tmp_path: Path) -> None:
    timeout_s = HANGS_AFTER_S if EXPECT[name].get("limited") == "time" else 300.0
    with pytest.raises(WorkerFailure) as caught:
        describe(name, digits, tmp_path, timeout_s=timeout_s)
    says(caught.value.reason, name)
    assert caught.value.log == "worker.log"
    assert (tmp_path / "worker.log").is_file()


@pytest.mark.parametrize("name", sorted(name for name, expect in IN_A_WORKER.items() if expect["outcome"] == "good"))
def test_what_is_usable_all_the_same(name: str, digits: Path, tmp_path: Path) -> None:
    assert describe(name, digits, tmp_path, EXPECT[name].get("selector", ""))["model"]


OWN_STEPS = ["lightning_form", "handed_step", "handed_step_jax"]


@pytest.mark.parametrize("name", OWN_STEPS)
def test_the_step_that_a_side_brings_is_the_one_that_is_taken(name: str, digits: Path, tmp_path: Path) -> None:
    assert describe(name, digits, tmp_path)["own_step"]


def test_a_loss_that_the_named_function_makes_is_the_sides_loss(digits: Path, tmp_path: Path) -> None:
    described = describe("made_by_function", digits, tmp_path, "make")
    assert described["loss"] == "smoothed"
    assert not described["own_step"]


@pytest.mark.parametrize("selector", EXPECT["two_models"]["selectable"])
def test_one_of_two_models_can_be_named(selector: str, digits: Path, tmp_path: Path) -> None:
    described = describe("two_models", digits, tmp_path, selector)
    assert described["layers"][0]["output_shape"] == [16 if selector == "small" else 64]


@pytest.mark.parametrize("selector", ["teacher", "criterion", "optimizer", "nothing", "nn"])
def test_a_name_that_cannot_be_used_is_refused(selector: str, digits: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        describe("two_models", digits, tmp_path, selector)
    assert "two_models.py" in str(caught.value)


def test_a_worker_that_the_system_kills_for_memory(digits: Path, tmp_path: Path) -> None:
    """As the kernel does it: SIGKILL when it has taken too much."""
    with Worker(spec("eats_memory", digits), tmp_path / "worker.log") as worker:
        ended = Event()
        watcher = Thread(target=kill_above, args=(worker.pid, 2**30, ended))
        watcher.start()
        with pytest.raises(WorkerFailure, match="memory"):
            worker.call("describe", seed=0)
        ended.set()
        watcher.join()


def kill_above(pid: int, limit_bytes: int, ended: Event) -> None:
    while not ended.wait(0.01):
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
        if resident > limit_bytes:
            os.kill(pid, signal.SIGKILL)
            return


def says(text: str, name: str) -> None:
    """The text holds what is expected of it, and tells nothing of this machine."""
    expect = EXPECT[name]
    for part in expect.get("says", ()):
        assert part.lower() in text.lower()
    if "line" in expect:
        assert f"line {expect['line']}" in text
    assert str(HERE) not in text
    assert "Traceback" not in text
