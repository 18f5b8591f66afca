"""`paragone measure` from beginning to end, with short blocks; its figures are looked at for what they add up to."""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest

from paragone.errors import InputError
from paragone.measure.statistics import undisturbed_s
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Run, Timings
from paragone.run import measure_run
from paragone.saved import read_run

from .conftest import TORCH, Program, shorten_timing, write_sides

Lines = Callable[[CompletedProcess[str]], list[str]]
Measure = Callable[..., Run]
BUDGET_S = 600.0


@pytest.fixture
def measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measure:
    """Times sides in this process, three sets of short blocks."""
    shorten_timing(monkeypatch)
    write_sides(tmp_path)

    def run(*sides: str, **options: Any) -> Run:
        files = tuple(str(tmp_path / side) for side in sides)
        given = {"data": f"{tmp_path / 'data.py'}:points", "budget_s": BUDGET_S, "threads": 1} | options
        return measure_run(CompareOptions(files, out=tmp_path / "run", **given), Silent())

    return run


@dataclass(frozen=True)
class Timed:
    """A finished timing of a PyTorch and a JAX side.

    Args:
        program: where it ran.
        words: the words that it was called with.
        done: what it printed.
        run: the record that it left.
    """

    program: Program
    words: tuple[str, ...]
    done: CompletedProcess[str]
    run: Run

    @property
    def folder(self) -> Path:
        return self.program.folder / "run"

    @property
    def timings(self) -> Timings:
        assert self.run.timings is not None
        return self.run.timings


@pytest.fixture(scope="module")
def timed(tmp_path_factory: pytest.TempPathFactory) -> Timed:
    program = Program(tmp_path_factory.mktemp("timed"), dict(os.environ))
    write_sides(program.folder)
    words = ("measure", "torch_side.py", "jax_side.py", "--data", "data.py:points", "--budget", "600", "--threads", "1")
    words += ("--out", "run", "--json")
    done = program.run(*words)
    assert done.returncode == 0, done.stderr
    return Timed(program, words, done, read_run(program.folder / "run"))


def test_two_frameworks_are_timed_and_nothing_is_proven(timed: Timed) -> None:
    run = timed.run
    assert (run.proof, run.choice) == (None, None)
    assert [side.status for side in run.sides] == ["ok", "ok"]
    assert all(side.layers and side.optimizer for side in run.sides)
    assert [(one.a, one.b, one.quantity) for one in timed.timings.ratios] == [
        ("torch", "jax", quantity) for quantity in ("step", "cold start", "peak memory")
    ]
    assert "not proven to be the same task" in (timed.folder / "report.html").read_text()
    assert not (timed.folder / "certificate.json").exists()


def test_the_record_is_printed_and_nothing_else(timed: Timed) -> None:
    assert json.loads(timed.done.stdout) == json.loads((timed.folder / "run.json").read_text())
    command = "paragone measure torch_side.py jax_side.py --data data.py:points --budget 600 --threads 1"
    assert timed.run.reproduce.command == command
    assert set(timed.run.reproduce.options).isdisjoint({"steps", "profile", "rungs"})


def test_every_ratio_of_steps_is_that_of_the_raw_blocks(timed: Timed) -> None:
    blocks: dict[tuple[str, int], list[float]] = {}
    with (timed.folder / "samples" / "timing.csv").open(newline="") as stream:
        for row in csv.DictReader(stream):
            blocks.setdefault((row["side"], int(row["set"])), []).append(float(row["step_s"]))
    logs = [
        math.log(undisturbed_s(blocks["torch", number]) / undisturbed_s(blocks["jax", number]))
        for number in range(timed.timings.plan.sets)
    ]
    step = timed.timings.ratios[0]
    assert step.log_ratios == pytest.approx(logs)
    assert step.ratio == pytest.approx(math.exp(np.mean(logs)))


def test_the_same_command_goes_on_and_finds_everything(timed: Timed) -> None:
    kept = {path.name for path in (timed.folder / "trials").iterdir()}
    again = Run.model_validate_json(timed.program.run(*timed.words).stdout)
    assert again.timings == timed.run.timings
    assert {path.name for path in (timed.folder / "trials").iterdir()} == kept


def test_one_side_alone_is_timed(measure: Measure) -> None:
    run = measure("torch_side.py")
    assert run.timings is not None
    assert run.timings.ratios == ()
    assert run.timings.contenders[0].step_s is not None
    assert {one.quantity for one in run.timings.self_test} == {"step", "cold start", "peak memory"}


def test_files_train_until_they_are_good_enough_and_are_held_against_the_machine(
    measure: Measure, tmp_path: Path
) -> None:
    options = {"until": "loss=1.0", "max_epochs": 40, "share": True, "tracks": ("tuned",)}
    run = measure("torch_side.py", "jax_side.py", **options)
    timings = run.timings
    assert timings is not None and timings.plan.until is not None and timings.yardstick is not None
    for one in timings.contenders:
        assert one.quality is not None and one.quality.train_s is not None
        assert one.share is not None and one.share.share is not None and 0 < one.share.share.mid < 1
        assert one.share.step_flops == 3 * 2 * 32 * (4 * 6 + 6 * 3)
        for trained in (of_set.until for of_set in one.sets):
            assert trained is not None and trained.reached
            assert trained.values[-1] is not None and trained.values[-1] <= 1.0
            assert all(value is not None and value > 1.0 for value in trained.values[:-1])
    assert "time to quality" in {one.quantity for one in timings.ratios}
    assert "--share" in run.reproduce.command and "--until loss=1.0 --max-epochs 40" in run.reproduce.command
    rows = list(csv.DictReader((tmp_path / "run" / "samples" / "quality.csv").read_text().splitlines()))
    assert {row["side"] for row in rows} == {"torch", "jax"}
    assert measure("torch_side.py", "jax_side.py", **options).timings == timings


def test_an_accuracy_of_values_is_refused_before_anything_is_built(measure: Measure, tmp_path: Path) -> None:
    (tmp_path / "values.py").write_text(
        "import numpy as np\n\n\ndef points():\n    x = np.random.default_rng(0).random((40, 4))\n    return x, x\n"
    )
    with pytest.raises(InputError, match="no classes"):
        measure("torch_side.py", data=f"{tmp_path / 'values.py'}:points", until="accuracy=0.9")


SLOWER = TORCH.replace("import torch\n", "import torch\nimport time\nfrom pause import PAUSE_S\n", 1) + (
    "\nmodel.register_forward_hook(lambda module, given, output: time.sleep(PAUSE_S))\n"
)


BY_HAND = """
import jax.numpy as jnp
import optax
from flax import nnx


class Model(nnx.Module):
    def __init__(self, rngs):
        self.kernel = nnx.Param(0.1 * rngs.params.normal((4, 3)))

    def __call__(self, x):
        return x @ self.kernel[...]


model = Model(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adam(1e-3), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


def test_sides_are_timed_in_bfloat16_and_one_that_cannot_be_is_told(measure: Measure, tmp_path: Path) -> None:
    """The matrix of a module written by hand has no dtype that could be set."""
    (tmp_path / "by_hand.py").write_text(BY_HAND)
    options = {"precision": "bfloat16", "until": "loss=1.05", "max_epochs": 30, "inference": True, "epoch": True}
    run = measure("torch_side.py", "by_hand.py", **options)
    assert run.task.precision == "bfloat16"
    assert [side.status for side in run.sides] == ["ok", "failed"]
    assert run.sides[1].why.startswith("not run in bfloat16: none of the 1 matrix products")
    assert "torch.autocast" in run.sides[0].precision and "torch.autocast" in run.sides[0].loop
    assert run.timings is not None and len(run.timings.contenders) == 1
    assert run.timings.contenders[0].samples_per_s is not None
    assert run.timings.contenders[0].quality is not None
    assert "--precision bfloat16" in run.reproduce.command
    page = (tmp_path / "run" / "report.html").read_text()
    assert "The sides compute in bfloat16" in page and "not run in bfloat16" in page


def test_no_side_in_the_precision_is_an_error(measure: Measure, tmp_path: Path) -> None:
    (tmp_path / "by_hand.py").write_text(BY_HAND)
    with pytest.raises(InputError, match="No side could be run in bfloat16") as caught:
        measure("by_hand.py", precision="bfloat16")
    assert "none of the 1 matrix products" in caught.value.received


def environment(folder: Path, pause_s: float) -> Path:
    """A second environment that sees this one's packages, and has a version of `pause` of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "first.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (packages / "pause.py").write_text(f"PAUSE_S = {pause_s}\n")
    return folder / "bin" / "python"


def test_an_upgrade_that_costs_speed_is_timed_in_its_own_python(measure: Measure, tmp_path: Path) -> None:
    """The same file in two environments; in the new one every forward pass sleeps, a hundred times a step of this."""
    (tmp_path / "slower.py").write_text(SLOWER)
    old, new = environment(tmp_path / "old", 0.0), environment(tmp_path / "new", 0.05)
    run = measure("slower.py", "slower.py", python=(f"torch-1={old}", f"torch-2={new}"))
    assert run.timings is not None
    assert [side.python.partition(" ")[2] for side in run.sides] == ["(old/bin/python)", "(new/bin/python)"]
    fast, slow = (one.step_s for one in run.timings.contenders)
    assert fast is not None and slow is not None
    assert slow.mid > 0.05  # it cannot be less than it sleeps
    assert run.timings.ratios[0].ratio < 1
    assert str(tmp_path) not in run.model_dump_json()


def test_a_side_that_fails_is_a_result_and_the_others_are_timed(measure: Measure, tmp_path: Path) -> None:
    text = TORCH + "\ndef train_step(x, y):\n    raise RuntimeError('out of luck')\n"
    (tmp_path / "broken.py").write_text(text)
    run = measure("torch_side.py", "broken.py")
    assert [side.status for side in run.sides] == ["ok", "failed"]
    assert "out of luck" in run.sides[1].why
    assert run.timings is not None
    assert run.timings.ratios == ()
    assert run.timings.contenders[0].step_s is not None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("torch_side.py", "--budget", "0.5"), "expected: at least "),
        (("nowhere.py",), "There is no file nowhere.py."),
        (("torch_side.py", "--python", "torch-2=/nowhere"), "--python names no side"),
        (("torch_side.py", "--python", "torch=/bin/true"), "/bin/true is no Python"),
        (("torch_side.py", "--track", "idiomatic", "--track", "idiomatic"), "--track cannot be"),
        (("torch_side.py", "--until", "f1=0.9"), "--until cannot be f1=0.9"),
        (("torch_side.py", "--until", "accuracy=90"), "--until accuracy cannot be 90"),
        (("torch_side.py", "--share", "--sweep", "batch=1,2"), "--share cannot be given with --sweep"),
    ],
)
def test_wrong_input_is_told_in_one_message(
    program: Program, lines_of_error: Lines, words: tuple[str, ...], says: str
) -> None:
    lines_of_error(done := program.run("measure", *words, "--data", "data.py:points", "--out", "run"))
    assert says in done.stderr
