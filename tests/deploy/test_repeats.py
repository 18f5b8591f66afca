"""Several processes for every artifact: what they took together, in which order, and what is found again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import gmean

from paragone.deploy import repeats

from .conftest import Done, deployed, sides_in

TWO = ("onnxruntime", "openvino_float32")


@pytest.fixture(scope="module")
def thrice(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("thrice")
    return deployed(folder, sides_in(folder)[:1], *TWO, processes=3)


@pytest.mark.parametrize("target", TWO)
def test_figures_are_means_over_processes_and_every_request_is_kept(thrice: Done, target: str) -> None:
    cell = thrice.cell("torch", target)
    raw = [
        json.loads((thrice.folder / cell.folder / f"{target}-{number}.json").read_text(encoding="utf-8"))
        for number in (1, 2, 3)
    ]
    assert len(cell.processes) == 3 and cell.latency_s is not None
    assert cell.latency_s.p50 == pytest.approx(gmean([np.percentile(one["latency_s"], 50) for one in raw]))
    assert cell.latency_s.p99 == pytest.approx(gmean([np.percentile(one["latency_s"], 99) for one in raw]))
    assert cell.latency_s.n == sum(len(one["latency_s"]) for one in raw)
    assert cell.cold_start_s == pytest.approx(gmean([one["cold_start_s"] for one in raw]))
    assert cell.throughput_per_s == pytest.approx(gmean([one["throughput_per_s"] for one in raw]))
    assert cell.throughput_batch == {one["batch"] for one in raw}.pop()
    assert cell.peak_memory_bytes == max(one["peak_memory_bytes"] for one in raw)


def again(done: Done, monkeypatch: pytest.MonkeyPatch, answer: Any = None) -> tuple[list[str], Done]:
    """The same run once more, with the artifacts that were timed meanwhile, in their order."""
    really, asked = repeats.timed, list[str]()

    def watched(environment: Any, script: Path, *rest: Any) -> dict[str, Any]:
        asked.append(script.stem.removeprefix("run_"))
        return answer(len(asked)) if answer else really(environment, script, *rest)

    monkeypatch.setattr(repeats, "timed", watched)
    options = done.options
    found = deployed(done.folder.parent, list(options.sides), *options.to, processes=options.processes)
    return asked, found


def test_only_what_is_missing_is_timed_again(thrice: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    before = thrice.cell("torch", "onnxruntime")
    (thrice.folder / before.folder / "onnxruntime-2.json").unlink()
    asked, after = again(thrice, monkeypatch)
    assert asked == ["onnxruntime"]
    found = after.cell("torch", "onnxruntime").processes
    assert (found[0], found[2]) == (before.processes[0], before.processes[2])


def test_processes_take_turns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each round has every artifact once, and the rounds are not all in one order."""
    one = deployed(tmp_path, sides_in(tmp_path)[:1], *TWO)
    more = Done(one.options.__class__(**{**vars(one.options), "processes": 12}), one.folder, one.run)
    said = {"cold_start_s": 1.0, "latency_s": [0.1], "batch": 7, "throughput_per_s": 2.0, "peak_memory_bytes": 9}
    asked, _ = again(more, monkeypatch, lambda _: said)
    rounds = [tuple(asked[at : at + 2]) for at in range(0, len(asked), 2)]
    assert len(rounds) == 11 and all(sorted(each) == sorted(TWO) for each in rounds)
    assert len(set(rounds)) == 2


def test_a_process_that_dies_takes_no_figure_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = deployed(tmp_path, sides_in(tmp_path)[:1], "onnxruntime")
    more = Done(one.options.__class__(**{**vars(one.options), "processes": 3}), one.folder, one.run)
    said = {"cold_start_s": 1.0, "latency_s": [0.1], "batch": 7, "throughput_per_s": 2.0, "peak_memory_bytes": 9}
    _, found = again(more, monkeypatch, lambda number: {"why": "the process died (SIGKILL)"} if number == 1 else said)
    cell = found.cell("torch", "onnxruntime")
    assert cell.verdict == "same" and "SIGKILL" in cell.why
    assert [one.latency_s is None for one in cell.processes] == [False, True, False]
    assert (
        cell.latency_s is not None
        and cell.latency_s.n == 1 + (one.cell("torch", "onnxruntime").latency_s or cell.latency_s).n
    )
