"""Proofs with options: which part is done, from which weights, in which Python; and sides that cannot be compared."""

from __future__ import annotations

import json
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from paragone.errors import InputError
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Pair, Run, Rung
from paragone.run import prove_run

from .conftest import TORCH, Program, write_sides

Lines = Callable[[CompletedProcess[str]], list[str]]


class Proofs:
    """Proofs of files in one folder.

    Args:
        folder: where the files are, and the runs go.
    """

    def __init__(self, folder: Path):
        write_sides(folder)
        self.folder = folder
        self._count = 0

    def write(self, name: str, text: str) -> str:
        (self.folder / name).write_text(text, encoding="utf-8")
        return str(self.folder / name)

    def prove(self, *sides: str, **options: Any) -> Run:
        """A short proof in float64, without training over seeds, unless other things are asked for."""
        self._count += 1
        given: dict[str, Any] = {
            "dtype": "float64",
            "worth": False,
            "steps": 3,
            "ignore": ("initialisation",),
        } | options
        files = tuple(str(self.folder / side) for side in sides)
        out = self.folder / f"run{self._count}"
        data = f"{self.folder / 'data.py'}:points"
        return prove_run(CompareOptions(files, data=data, out=out, **(given | options)), Silent())

    def trials(self) -> list[str]:
        """The kinds of work that the last proof did."""
        return sorted(path.name.partition("-")[0] for path in self.folder.glob(f"run{self._count}/trials/*.json"))


@pytest.fixture
def proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Proofs:
    monkeypatch.chdir(tmp_path)
    return Proofs(tmp_path)


def pair_of(run: Run) -> Pair:
    assert run.proof is not None
    (pair,) = run.proof.pairs
    return pair


def rungs_of(run: Run) -> dict[str, Rung]:
    return {rung.name: rung for rung in pair_of(run).rungs}


# ---------------------------------------------------------------------- which part is done


def test_nothing_is_computed_that_only_other_rungs_need(proofs: Proofs) -> None:
    run = proofs.prove("torch_side.py", "other_side.py", rungs=("structure", "forward"), ignore=(), worth=True)
    assert [rung.name for rung in pair_of(run).rungs] == ["structure", "forward"]
    assert pair_of(run).verdict == "same"
    assert proofs.trials() == ["align", "describe", "describe", "draw", "trace", "trace"]
    assert run.proof is not None
    assert run.proof.curves == run.proof.floors == run.proof.outcomes == ()
    assert "--rungs structure,forward --dtype float64" in run.reproduce.command
    assert run.reproduce.options["rungs"] == "structure, forward"


def test_two_sides_of_one_framework_that_differ_in_their_learning_rate(proofs: Proofs) -> None:
    run = proofs.prove("torch_side.py", "other_side.py")
    pair = pair_of(run)
    assert (pair.a, pair.b, pair.verdict) == ("torch:torch_side", "torch:other_side", "different")
    assert [cause.trap for cause in pair.causes] == ["learning-rate"]
    assert pair.causes[0].effect is None
    assert {rung.dtype for rung in pair.rungs} == {"float64"}
    assert "train" not in proofs.trials()
    assert run.proof is not None
    assert {pair.verdict for pair in run.proof.corrected} == {"same"}
    assert run.proof.floors == ()  # all of what is far goes with the cause, so no rounding did it


def test_equal_sides_need_no_floor_in_float64(proofs: Proofs) -> None:
    run = proofs.prove("torch_side.py", "torch_side.py")
    assert run.proof is not None
    assert run.proof.verdict == "same"
    assert run.proof.floors == ()
    assert "floor" not in proofs.trials()
    assert run.reproduce.command.startswith("paragone prove torch_side.py torch_side.py ")


def test_an_ignored_rung_is_reported_and_does_not_decide(proofs: Proofs) -> None:
    changed = TORCH + "\nwith torch.no_grad():\n    model[0].weight.mul_(3)\n"
    proofs.write("wide_side.py", changed)
    ignoring = proofs.prove("torch_side.py", "wide_side.py")
    found = rungs_of(ignoring)["initialisation"]
    assert (found.verdict, found.ignored) == ("different", True)
    assert (pair_of(ignoring).verdict, pair_of(ignoring).causes) == ("same", ())
    deciding = proofs.prove("torch_side.py", "wide_side.py", ignore=())
    assert pair_of(deciding).verdict == "different"
    assert [cause.trap for cause in pair_of(deciding).causes] == ["kernel-initialiser"]


def test_float32_alone_decides_where_it_is_all_that_was_asked_for(proofs: Proofs) -> None:
    same = proofs.prove("torch_side.py", "jax_side.py", dtype="float32")
    assert same.proof is not None
    assert (same.proof.deciding, same.proof.verdict) == ("float32", "same")
    other = proofs.prove("torch_side.py", "other_side.py", dtype="float32")
    assert pair_of(other).verdict == "different"
    assert [cause.trap for cause in pair_of(other).causes] == ["learning-rate"]


# ---------------------------------------------------------------------- weights that are given


def weights(seed: int = 5, **changed: np.ndarray[Any, Any]) -> dict[str, np.ndarray[Any, Any]]:
    """The weights of the PyTorch side under its own names."""
    dice = np.random.default_rng(seed)
    shapes = {"0.weight": (6, 4), "0.bias": (6,), "2.weight": (3, 6), "2.bias": (3,)}
    return {name: dice.normal(size=shape).astype(np.float32) for name, shape in shapes.items()} | changed


def test_a_state_dict_is_what_both_sides_start_from(proofs: Proofs) -> None:
    given = weights()
    save_file(given, proofs.folder / "state.safetensors")
    canonical = {"dense_1/kernel_io": given["0.weight"].T, "dense_1/bias": given["0.bias"]}
    canonical |= {"dense_2/kernel_io": given["2.weight"].T, "dense_2/bias": given["2.bias"]}
    save_file({name: np.ascontiguousarray(a) for name, a in canonical.items()}, proofs.folder / "canonical.safetensors")
    runs = [
        proofs.prove("jax_side.py", "torch_side.py", weights=Path(f"{name}.safetensors"), rungs=("loss",), ignore=())
        for name in ("state", "canonical")
    ]
    losses = {distance.tensor: distance.a for distance in rungs_of(runs[0])["loss"].distances}
    assert losses == {distance.tensor: distance.a for distance in rungs_of(runs[1])["loss"].distances}
    assert losses["loss"] == pytest.approx(loss_by_hand(proofs.folder, given), rel=1e-12)
    assert [pair_of(run).verdict for run in runs] == ["same", "same"]
    assert "--weights state.safetensors" in runs[0].reproduce.command
    assert len(str(runs[0].reproduce.options["weights_sha256"])) == 64


def loss_by_hand(folder: Path, given: dict[str, np.ndarray[Any, Any]]) -> float:
    """Cross-entropy of the first batch of the test set."""
    from safetensors.numpy import load_file

    data = load_file(next(folder.glob("run*/data.safetensors")))
    x, y = data["x_test"][:32].astype(np.float64), data["y_test"][:32]
    hidden = np.tanh(x @ given["0.weight"].T.astype(np.float64) + given["0.bias"])
    logits = hidden @ given["2.weight"].T.astype(np.float64) + given["2.bias"]
    picked = logits[np.arange(len(y)), y] - np.log(np.exp(logits).sum(-1))
    return float(-picked.mean())


@pytest.mark.parametrize(
    ("arrays", "says"),
    [
        ({**weights(), "0.weigth": weights()["0.weight"]}, "0.weigth is no weight of the sides"),
        ({"0.weight" if n == "0.weight" else n.replace("2.", "two."): a for n, a in weights().items()}, "no 2.bias"),
        (weights(**{"2.bias": np.zeros(4, np.float32)}), "2.bias is (4,) instead of (3,)"),
        (weights(**{"2.bias": np.full(3, np.nan, np.float32)}), "not finite"),
        ({"step": np.zeros(3, np.int64)}, "none of floats"),
    ],
)
def test_weights_that_do_not_fit(proofs: Proofs, arrays: dict[str, np.ndarray[Any, Any]], says: str) -> None:
    save_file(arrays, proofs.folder / "w.safetensors")
    with pytest.raises(InputError) as caught:
        proofs.prove("torch_side.py", "other_side.py", weights=Path("w.safetensors"), rungs=("forward",), ignore=())
    assert says in str(caught.value)


def test_the_nearest_name_is_named(proofs: Proofs) -> None:
    arrays = weights()
    arrays["2.weigth"] = arrays.pop("2.weight")
    save_file(arrays, proofs.folder / "w.safetensors")
    with pytest.raises(InputError, match=r"no 2\.weight \(the nearest is 2\.weigth\)"):
        proofs.prove("torch_side.py", "other_side.py", weights=Path("w.safetensors"), rungs=("forward",), ignore=())


@pytest.mark.parametrize(("content", "says"), [(b"PK\x03\x04", "no safetensors"), (None, "not readable")])
def test_a_file_that_holds_no_weights(proofs: Proofs, content: bytes | None, says: str) -> None:
    if content is not None:
        (proofs.folder / "w.pt").write_bytes(content)
    with pytest.raises(InputError, match=says):
        proofs.prove("torch_side.py", "other_side.py", weights=Path("w.pt"))


# ---------------------------------------------------------------------- another Python


GAINED = TORCH.replace("import torch\n", "import torch\nfrom gain import GAIN\n", 1) + (
    "\nwith torch.no_grad():\n    model[0].bias.zero_()\n"
    "model.register_forward_hook(lambda module, given, output: output * GAIN)\n"
)


def environment(folder: Path, gain: float) -> Path:
    """A second environment that sees this one's packages, and has a module `gain` of its own."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "first.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    (packages / "gain.py").write_text(f"GAIN = {gain}\n")
    return folder / "bin" / "python"


def test_an_upgrade_that_changed_results_is_seen(proofs: Proofs) -> None:
    """The same file in two environments, of which one has another version of a package that the file imports."""
    proofs.write("gained.py", GAINED)
    old, new = environment(proofs.folder / "old", 1.0), environment(proofs.folder / "new", 1.5)
    for second, verdict in ((new, "different"), (old, "same")):
        python = (f"torch-1={old}", f"torch-2={second}")
        run = proofs.prove("gained.py", "gained.py", python=python, rungs=("structure", "forward"), ignore=())
        assert pair_of(run).verdict == verdict
        assert [side.name for side in run.sides] == ["torch:gained", "torch:gained-2"]
        assert run.sides[0].python.endswith("(old/bin/python)")
        assert run.sides[1].python.endswith("(new/bin/python)" if verdict == "different" else "(old/bin/python)")
        assert str(proofs.folder) not in run.model_dump_json()
    assert "--python torch-2=old/bin/python" in run.reproduce.command


def test_the_module_of_the_other_environment_is_not_seen_in_ours(proofs: Proofs) -> None:
    proofs.write("gained.py", GAINED)
    with pytest.raises(InputError, match="imports a module that is not installed: gain"):
        proofs.prove("gained.py", "torch_side.py", rungs=("forward",), ignore=())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("torch=/nowhere/python", "names no side, or more than one"),
        ("jax=/nowhere/python", "names no side"),
        ("torch-1=/nowhere/python", "^/nowhere/python is no Python"),
        ("torch-1=/bin/true", "^/bin/true is no Python"),
    ],
)
def test_a_python_that_cannot_be_used(proofs: Proofs, given: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        proofs.prove("torch_side.py", "other_side.py", python=(given,))
    assert not list(proofs.folder.rglob("*.log"))


def test_a_python_without_the_framework(proofs: Proofs) -> None:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "bare"], check=True)
    with pytest.raises(InputError) as caught:
        proofs.prove("torch_side.py", "other_side.py", python=("torch-2=bare/bin/python",))
    assert "no torch, no numpy, no safetensors, no pydantic" in str(caught.value)
    assert "next: bare/bin/python -m pip install torch" in str(caught.value)
    with pytest.raises(InputError) as caught:
        proofs.prove("torch_side.py", "other_side.py", python=(f"torch-2={proofs.folder}/bare/bin/python",))
    assert f"next: {proofs.folder}/bare/bin/python -m pip install torch" in str(caught.value)


def test_a_side_may_go_to_another_folder_and_read_its_arguments(proofs: Proofs) -> None:
    moving = "import argparse, os\nos.mkdir('sub') if not os.path.isdir('sub') else None\nos.chdir('sub')\n"
    reading = "reader = argparse.ArgumentParser()\nreader.add_argument('--rate', default=0.1)\nreader.parse_args()\n"
    proofs.write("moving_side.py", moving + reading + TORCH)
    run = proofs.prove("torch_side.py", "moving_side.py")
    assert pair_of(run).verdict == "same"
    assert not (proofs.folder / "sub" / "sub").exists()


# ---------------------------------------------------------------------- sides that cannot be compared


NET = TORCH.replace(
    "model = nn.Sequential", "class Net(nn.Sequential):\n    def forward(self, x):\n        HERE\n\n\nmodel = Net"
)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (NET.replace("HERE", "x *= 2\n        return super().forward(x)"), "changes its input in place"),
        (
            NET.replace("HERE", "return super().forward(x) + torch.randn(3)"),
            "draws at random: its outputs in evaluation mode differ",
        ),
        (
            NET.replace("HERE", "return super().forward(x + 0.1 * torch.randn_like(x) * self.training)"),
            "draws at random: its training loss differ",
        ),
        (TORCH.replace("Linear(6, 3)", "Linear(6, 5)"), "are of different tasks: their outputs have different shapes"),
    ],
)
def test_sides_that_cannot_be_compared_are_named(proofs: Proofs, text: str, says: str) -> None:
    proofs.write("bad_side.py", text)
    with pytest.raises(InputError) as caught:
        proofs.prove("torch_side.py", "bad_side.py")
    assert says in str(caught.value)
    assert caught.value.expected
    assert caught.value.received
    assert caught.value.next_step


def test_noise_that_is_seeded_inside_of_the_model_is_compared(proofs: Proofs) -> None:
    seeded = "return super().forward(x) + torch.randn(3, generator=torch.Generator().manual_seed(1)) * 0"
    proofs.write("seeded_side.py", NET.replace("HERE", seeded))
    assert pair_of(proofs.prove("torch_side.py", "seeded_side.py")).verdict == "same"


def test_a_model_that_cannot_run_in_float64_goes_on_in_float32_and_says_what_that_costs(proofs: Proofs) -> None:
    proofs.write("single_side.py", NET.replace("HERE", "return super().forward(x.to(torch.float32))"))
    run = proofs.prove("torch_side.py", "single_side.py", dtype="both")
    assert run.proof is not None
    assert (run.proof.deciding, run.proof.verdict) == ("float32", "same")
    assert {rung.dtype for rung in pair_of(run).rungs} == {"float32"}
    reason, cost = run.proof.notes[:2]
    assert reason.startswith("torch:single_side cannot run in float64: ")
    assert "dtype" in reason
    assert "That costs sharpness" in cost
    assert "outputs after training must part by more than" in cost


def test_the_command_gives_2_for_bad_input_and_its_one_message(program: Program, lines_of_error: Lines) -> None:
    words = ("prove", "torch_side.py", "other_side.py", "--data", "data.py:points")
    for more, says in (
        (("--rungs", "structure,forwards"), "--rungs cannot be forwards"),
        (("--rungs", ""), "--rungs cannot be empty"),
        (("--rungs", "loss", "--ignore", "loss"), "--ignore cannot be loss"),
        (("--patch", "nowhere/fix.patch"), "The patch cannot be written."),
        (("--python", "torch"), "--python cannot be torch"),
        (("--weights", "nowhere.safetensors"), "The weights cannot be used"),
    ):
        assert says in lines_of_error(program.run(*words, *more))[0]
    done = program.run(*words, "--rungs", "structure,forward", "--dtype", "float64", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["proof"]["verdict"] == "same"
