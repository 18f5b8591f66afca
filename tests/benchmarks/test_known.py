"""The checks whose answers are known: what they plant is there, how far off is counted, and the page is of its rows."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from benchmarks.known.__main__ import ROWS, asked
from benchmarks.known.check import Check, Finding, side_with
from benchmarks.known.checks import checks
from benchmarks.known.checks.allocations import HELD, finding
from benchmarks.known.checks.monitoring import log_ratio
from benchmarks.known.checks.short_peaks import HOOKS, SPIKE
from benchmarks.known.page import page
from benchmarks.scoreboard.ledger import read


def test_every_check_is_found() -> None:
    assert list(checks()) == ["allocations", "short peaks", "parent", "monitoring", "phases"]


@pytest.mark.parametrize(
    ("mib", "found", "holds"),
    [(64, 67.9, True), (64, 68.1, False), (1024, 1044.0, True), (1024, 1045.0, False), (256, 250.9, True)],
)
def test_a_size_is_found_within_2_percent_or_4_mib(mib: float, found: float, holds: bool) -> None:
    assert finding("held", mib, [100.0, 100.0, 900.0], [100.0 + found] * 3).holds == holds


@pytest.mark.parametrize("side", ["torch", "jax", "keras"])
def test_what_is_planted_stands_in_a_file_of_its_own(side: str, tmp_path: Path) -> None:
    one = side_with(side, HELD.format(mib=64), tmp_path, "held")
    text = Path(one.spec.file).read_text(encoding="utf-8")
    assert Path(one.spec.file).parent == tmp_path
    assert text.index("model = ") < text.index("mmap.mmap(-1, 64 << 20") < text.index("def load_data")
    compile(text, "held.py", "exec")


def _hooked(mib: int, file: Path) -> Callable[[], None]:
    """What PyTorch's side calls before every forward pass."""
    hooks: list[Any] = []
    model = type("Model", (), {"register_forward_pre_hook": lambda _self, hook: hooks.append(hook)})()
    exec(SPIKE.format(mib=mib, file=str(file)) + HOOKS["torch"], {"model": model})
    return lambda: hooks[0](model, ())


def test_the_short_peak_is_there_for_one_call_in_the_middle(tmp_path: Path) -> None:
    file = tmp_path / "lasted.txt"
    spike = _hooked(1, file)
    for _ in range(19):
        spike()
    assert not file.exists()
    spike()
    assert 0.001 <= float(file.read_text()) < 0.1
    file.unlink()
    spike()
    assert not file.exists()


def test_the_side_beside_it_is_called_and_holds_nothing(tmp_path: Path) -> None:
    plain = _hooked(0, tmp_path / "lasted.txt")
    for _ in range(25):
        plain()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("side", HOOKS)
def test_what_calls_it_is_python(side: str) -> None:
    compile(SPIKE.format(mib=1, file="lasted.txt") + HOOKS[side], "spike.py", "exec")


class Worker:
    """Steps that take longer in the blocks of which somebody reads the counters."""

    pid = 1

    def __init__(self, factor: float, monkeypatch: pytest.MonkeyPatch):
        self.watched, self.factor = False, factor
        monkeypatch.setattr("benchmarks.known.checks.monitoring.Watch", self.watch)

    def watch(self, _pids: Any) -> Worker:
        self.watched = True
        return self

    def own_cores(self) -> float:
        self.watched = False
        return 0.0

    other_cores = own_cores

    def call(self, _op: str, n: int) -> dict[str, float]:
        return {"elapsed_s": n * 1e-4 * (self.factor if self.watched else 1.0)}


def test_what_monitoring_costs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    worker: Any = Worker(1.02, monkeypatch)
    assert log_ratio(worker, random.Random(0)) == pytest.approx(0.0198, abs=1e-3)
    worker = Worker(1.0, monkeypatch)
    assert log_ratio(worker, random.Random(0)) == pytest.approx(0.0, abs=1e-9)


def test_answers_are_counted_and_the_worst_is_told() -> None:
    answers = [Finding("a size", "64 MiB", "64.2 MiB", 0.05, {}), Finding("a size", "64 MiB", "70.0 MiB", 1.5, {})]
    check = Check("allocations", "made up", 1, ("torch",), lambda _side, _folder: iter(answers))
    rows = list(asked(check, "torch"))
    text = page(rows, {"allocations": check})
    assert "| torch | a size | 64 MiB | 70.0 MiB | **no** | 1 of 2 | 150 % |" in text
    noisy = rows[1] | {"told": False}
    assert "| 70.0 MiB | not told: too noisy | 0 of 1 |" in page([noisy], {"allocations": check})
    assert "Not asked yet." in page([], {"allocations": check})


def test_the_page_in_the_docs_is_that_of_its_rows() -> None:
    assert ROWS.with_suffix(".md").read_text(encoding="utf-8") == page(read(ROWS), checks()), (
        "run: python -m benchmarks.known --page"
    )
