"""A contender that fails is a result: it has its reason and its log, and the others finish."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import paragone
from paragone.records import Run

from .conftest import TORCH, shorten_timing, write_sides

PROMPT_TO_FAIL = {
    "raises": TORCH + 'raise RuntimeError("no licence in /opt/jane/keys")\n',
    "exits": TORCH + "import sys\nsys.exit(0)\n",
    "hangs": TORCH + "while True:\n    pass\n",
}
OWN_STEP = """
import os, time
from pathlib import Path
steps = 0


def train_step(x, y):
    global steps
    steps += 1
    if CONDITION:
        ACTION
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
"""
RUBBISH = """
print('{"result": null}')
os = __import__("os")
os.write(1, bytes(range(256)) * 400)
os.write(2, b"Traceback (most recent call last): not at all")
"""


OWN = {
    "dies_in_the_proof": ("steps == 12", "os.kill(os.getpid(), 9)"),
    "hangs_in_the_proof": ("steps > 9", "time.sleep(1e6)"),
    "dies_while_timed": ("os.environ.get('OMP_NUM_THREADS') != '1' and steps == 4", "os._exit(3)"),
}
REASONS = {
    "raises": "RuntimeError: no licence in keys (raises.py, line ",
    "exits": "the file ended the program itself (exit 0)",
    "hangs": "no answer to 'describe' within 30 s",
    "dies_in_the_proof": "killed by the system (most often: out of memory)",
    "hangs_in_the_proof": "no answer to",
    "dies_while_timed": "while it was timed: torch:dies_while_timed: the process exited with code 3",
}
GOOD = {"torch_side", "rubbish", "diverges"}


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Run, Path]]:
    """One run of good sides and of sides that fail in every way, and the run's folder."""
    folder = tmp_path_factory.mktemp("mixed")
    write_sides(folder)
    texts = dict(PROMPT_TO_FAIL)
    for name, (condition, action) in OWN.items():
        texts[name] = TORCH + OWN_STEP.replace("CONDITION", condition).replace("ACTION", action)
    texts["rubbish"] = RUBBISH + TORCH
    texts["diverges"] = TORCH.replace("lr=0.1", "lr=1e30")
    for name, text in texts.items():
        (folder / f"{name}.py").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        shorten_timing(patch)
        patch.setattr("paragone.prove.laboratory.PATIENCE_S", 30.0)
        patch.setattr("paragone.workers.spawn.CALL_TIMEOUT_S", 30.0)  # in the timing
        patch.delenv("OMP_NUM_THREADS", raising=False)  # the proof sets it to 1, the timing does not
        patch.chdir(folder)
        sides = ["torch_side.py", *(f"{name}.py" for name in texts)]
        yield paragone.compare(*sides, data="data.py:points", out="run", steps=5, budget_s=600.0), folder / "run"


@pytest.mark.parametrize("name", sorted(REASONS))
def test_a_side_that_fails_has_its_reason_and_its_log(mixed: tuple[Run, Path], name: str) -> None:
    run, folder = mixed
    side = next(side for side in run.sides if side.name == f"torch:{name}")
    assert side.status == "failed"
    assert REASONS[name] in side.why
    assert (folder / side.log).is_file()
    saved = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert side.why in {one["why"] for one in saved["sides"]}
    assert side.name in (folder / "report.html").read_text(encoding="utf-8")


def test_the_other_sides_finish(mixed: tuple[Run, Path]) -> None:
    run, _ = mixed
    good = {f"torch:{name}" for name in GOOD}
    assert {side.name for side in run.sides if side.status == "ok"} == good
    assert run.proof is not None
    assert run.timings is not None
    assert {name for pair in run.proof.pairs for name in (pair.a, pair.b)} >= good
    assert {name for ratio in run.timings.ratios for name in (ratio.a, ratio.b)} == good
    assert run.choice is not None


def test_a_failed_side_keeps_what_was_found_out_about_it(mixed: tuple[Run, Path]) -> None:
    side = next(side for side in mixed[0].sides if side.name == "torch:dies_while_timed")
    assert (side.n_parameters, side.optimizer) == (51, "SGD")


def test_a_hang_is_waited_for_once(mixed: tuple[Run, Path]) -> None:
    assert mixed[0].duration_s < 500


def test_a_record_with_numbers_that_are_none_can_be_read_again(mixed: tuple[Run, Path]) -> None:
    run, folder = mixed
    assert paragone.load(folder).sides == run.sides


def test_where_no_side_can_be_built_the_input_is_at_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_sides(tmp_path)
    for name in ("torch_side.py", "other_side.py"):
        (tmp_path / name).write_text(PROMPT_TO_FAIL["raises"])
    monkeypatch.chdir(tmp_path)
    with pytest.raises(paragone.InputError, match="No side could be built") as caught:
        paragone.compare("torch_side.py", "other_side.py", data="data.py:points", out="run")
    assert "no licence" in str(caught.value)
