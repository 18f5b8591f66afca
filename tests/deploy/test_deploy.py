"""Sides in their runtimes: what arrives, what is said of what does not, and what is left in the run's folder."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from tests.conftest import Program

from paragone.deploy import stage
from paragone.deployed import deployed as arrived
from paragone.options import CompareOptions
from paragone.progress import Silent
from paragone.records import Artifact
from paragone.run import deploy_run
from paragone.trials import Trials
from paragone.workers import spawn

from .conftest import TESTED, Done, deployed, sides_in

ARRIVES = {
    "torch": ("onnxruntime", "openvino_float32", "torch_export", "aot_inductor", "aot_inductor_cpp"),
    "tensorflow": ("onnxruntime", "openvino_float32", "tensorflow", "tensorflow_c", "litert"),
    "jax": ("onnxruntime", "openvino_float32", "tensorflow", "tensorflow_c", "litert", "jax_export"),
}
QUANTISED = [
    *(("tensorflow", "litert_int8"), ("jax", "litert_int8")),
    *((side, "onnxruntime_int8") for side in ARRIVES),
]
CELLS = [(side, target) for side, targets in ARRIVES.items() for target in targets]


@pytest.mark.parametrize(("side", "target"), CELLS)
def test_a_side_arrives_as_it_is(done: Done, side: str, target: str) -> None:
    cell = done.cell(side, target)
    assert cell.verdict == "same", cell.why
    assert [case.rows for case in cell.cases] == [1, 7, 24, 7, 7, 7]  # the test set has 24 samples
    assert all(case.max_rel is not None and case.max_rel <= case.tolerance for case in cell.cases)
    assert cell.latency_s is not None and 0 < cell.latency_s.p50 <= cell.latency_s.p99
    assert cell.cold_start_s is not None and cell.cold_start_s > cell.latency_s.p50
    assert cell.size_bytes is not None and cell.size_bytes > 4 * (4 * 6 + 6 + 6 * 3 + 3)
    assert cell.throughput_per_s and cell.peak_memory_bytes and cell.packages
    assert len(cell.processes) == 1 and cell.processes[0].latency_s == cell.latency_s


@pytest.mark.parametrize(("side", "target"), QUANTISED)
def test_int8_says_what_it_costs(done: Done, side: str, target: str) -> None:
    cell = done.cell(side, target)
    assert (cell.verdict, cell.precision) == ("quantised", "int8")
    assert cell.max_rel is not None and 0 < cell.max_rel < 0.2
    accuracy = cell.accuracy
    assert accuracy is not None and accuracy.rows == 24
    assert accuracy.low <= accuracy.lost <= accuracy.high
    assert accuracy.lost == pytest.approx(accuracy.side - accuracy.artifact)


@pytest.mark.parametrize("side", ARRIVES)
def test_weights_of_onnx_in_int8_are_int8(done: Done, side: str) -> None:
    import onnx

    cell = done.cell(side, "onnxruntime_int8")
    model = onnx.load(done.folder / cell.folder / "model.onnx")
    kinds = {each.data_type for each in model.graph.initializer if len(each.dims) == 2}
    assert kinds == {onnx.TensorProto.INT8}


def test_that_openvino_computes_in_less_is_noticed(done: Done) -> None:
    """It takes bfloat16 by itself on some processors: it says so where it is asked, and the program does not ask."""
    ask = "import openvino; print(openvino.Core().get_property('CPU', 'INFERENCE_PRECISION_HINT').to_string())"
    said = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, timeout=60, check=True).stdout
    for side in ARRIVES:
        cell = done.cell(side, "openvino")
        assert cell.verdict == ("less precise" if "bf16" in said else "same"), cell.why
        assert ("bfloat16" in cell.why) == (cell.verdict == "less precise")


def test_what_a_framework_does_not_write_is_said(done: Done) -> None:
    rest = [one for one in done.run.artifacts if one.verdict == "refused"]
    assert {(one.side, one.target) for one in rest} == {
        *(("torch", target) for target in ("tensorflow", "tensorflow_c", "jax_export")),
        *(("tensorflow", target) for target in ("torch_export", "aot_inductor", "aot_inductor_cpp", "jax_export")),
        *(("jax", target) for target in ("torch_export", "aot_inductor", "aot_inductor_cpp")),
    }
    assert all(len(one.why) > 20 and not one.ran for one in rest)


@pytest.mark.parametrize(("target", "side"), {target: side for side, target in CELLS}.items())
def test_the_script_that_is_left_runs_alone(done: Done, target: str, side: str, tmp_path: Path) -> None:
    cell = done.cell(side, target)
    script = (done.folder / cell.folder / cell.script).resolve()
    ran = subprocess.run(
        [sys.executable, "-I", str(script)], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert "paragone" not in script.read_text(encoding="utf-8")
    last = ran.stdout.splitlines()[-1]
    assert last.startswith("output 0: shape (7, 3), at most ")
    assert float(last.split("at most ")[1].split()[0]) < 1e-5


@pytest.mark.parametrize(("side", "target"), [("torch", "aot_inductor_cpp"), ("tensorflow", "tensorflow_c")])
def test_a_program_without_python_is_one(done: Done, side: str, target: str) -> None:
    cell = done.cell(side, target)
    said = subprocess.run(["ldd", done.folder / cell.folder / target], capture_output=True, text=True, check=True)
    names = [line.split()[0] for line in said.stdout.splitlines()]
    assert any(name.startswith(("libtorch", "libtensorflow")) for name in names)
    assert not any("python" in name for name in names)
    assert cell.facts["compile_s"] > 0


def test_a_script_does_not_hide_the_runtime_of_its_name(done: Done) -> None:
    """Python puts a script's own folder first: `onnxruntime.py` there would be imported in place of ONNX Runtime."""
    cell = done.cell("torch", "onnxruntime")
    script = (done.folder / cell.folder / cell.script).resolve()
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr


def test_the_artifact_is_what_its_own_tools_say(done: Done) -> None:
    import onnx

    for side in ARRIVES:
        cell = done.cell(side, "onnxruntime")
        model = onnx.load(done.folder / cell.folder / "model.onnx")
        onnx.checker.check_model(model)
        assert len(model.graph.input) == len(model.graph.output) == 1


def test_a_second_run_starts_no_worker_and_no_runtime(done: Done, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(spawn.Worker, "__init__", never)
    again = deploy_run(done.options, Silent())
    assert again.artifacts == done.run.artifacts


def test_a_spoiled_artifact_is_written_again(tmp_path: Path) -> None:
    side = sides_in(tmp_path)[0]
    first = deployed(tmp_path, [side], "onnxruntime")
    cell = first.cell("torch", "onnxruntime")
    path = first.folder / cell.folder / "model.onnx"
    path.write_bytes(path.read_bytes()[:-40])
    assert deployed(tmp_path, [side], "onnxruntime").cell("torch", "onnxruntime").verdict == "same"
    assert path.stat().st_size == cell.size_bytes


def test_one_target_more_leaves_what_is_there_whole(tmp_path: Path) -> None:
    side = sides_in(tmp_path)[0]
    deployed(tmp_path, [side], "onnxruntime")
    more = deployed(tmp_path, [side], "onnxruntime", "openvino_float32")
    for cell in more.run.artifacts:
        place = more.folder / cell.folder
        assert cell.verdict == "same"
        assert (place / cell.script).exists() and (place / f"{cell.target}.json").exists()
        assert hashlib.sha256(b"model.onnx\0" + (place / "model.onnx").read_bytes()).hexdigest() == cell.sha256


def test_a_model_that_depends_on_its_data_is_refused_and_others_go_on(tmp_path: Path) -> None:
    sides_in(tmp_path)
    found = deployed(tmp_path, [str(tmp_path / "branching.py"), str(tmp_path / "jax_side.py")], "onnxruntime")
    refused = found.cell("torch", "onnxruntime")
    assert refused.verdict == "refused"
    assert "data-dependent" in refused.why or "GuardOnDataDependent" in refused.why
    assert found.cell("jax", "onnxruntime").verdict == "same"


def test_the_record_is_whole(done: Done) -> None:
    saved = json.loads((done.folder / "run.json").read_text(encoding="utf-8"))
    assert [Artifact.model_validate(one) for one in saved["artifacts"]] == list(done.run.artifacts)
    assert len(saved["artifacts"]) == len(ARRIVES) * len(TESTED)
    assert not list((done.folder / "exchange").rglob("*.npz"))
    for one in done.run.artifacts:
        if one.ran:
            with np.load(done.folder / one.folder / "example.npz", allow_pickle=False) as example:
                assert sorted(example) == ["x0", "y0"]


def test_a_target_that_does_not_exist_is_refused(
    program: Program, lines_of_error: Callable[[subprocess.CompletedProcess[str]], list[str]]
) -> None:
    text = "\n".join(lines_of_error(program.run("deploy", "torch_side.py", "--data", "data.py:points", "--to", "onyx")))
    assert "There is no such target." in text and "did you mean onnxruntime?" in text


def test_targets_are_listed(program: Program) -> None:
    listed = program.run("deploy", "--list")
    assert listed.returncode == 0
    assert {line.split()[0] for line in listed.stdout.splitlines()} >= set(TESTED)


def test_a_broken_runtime_is_one_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that dies, one that answers with too few outputs, one for which the disk is too small: the others go on."""
    from paragone.deploy import target as registry

    known = registry.targets()["onnxruntime"]
    dies = known.source.replace("    import onnxruntime\n", "    import os\n\n    os.abort()\n")
    short = known.source.replace("session.run(None,", "(lambda *_: [])(None,")
    fakes = {
        "dies": registry.Target("dies", "Dies", known.formats, known.packages, "float32", dies),
        "short": registry.Target("short", "Short", known.formats, known.packages, "float32", short),
        "large": registry.Target("large", "Large", known.formats, known.packages, "float32", known.source),
    }
    really = stage.asked

    def with_little_room(python: str, script: Path, *more: Any) -> Any:
        if script.stem == "run_large":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really(python, script, *more)

    monkeypatch.setattr(stage, "asked", with_little_room)
    monkeypatch.setattr(registry, "targets", lambda: {**fakes, "onnxruntime": known})
    found = deployed(tmp_path, sides_in(tmp_path)[:1], "dies", "short", "large", "onnxruntime")
    assert found.cell("torch", "dies").verdict == "failed"
    assert "SIGABRT" in found.cell("torch", "dies").why
    assert found.cell("torch", "short").verdict == "failed"
    assert "0 outputs in place of 1" in found.cell("torch", "short").why
    large = found.cell("torch", "large")
    assert (large.verdict, large.why) == ("not run", "not run here: needs more room on the disk")
    assert found.cell("torch", "onnxruntime").verdict == "same"


def test_a_side_that_cannot_be_built_is_a_result(tmp_path: Path) -> None:
    sides_in(tmp_path)
    (tmp_path / "broken.py").write_text("import torch\n\nraise RuntimeError('no')\n", encoding="utf-8")
    options = CompareOptions(
        sides=(str(tmp_path / "broken.py"), str(tmp_path / "torch_side.py")),
        data=f"{tmp_path}/data.py:points", out=tmp_path / "run", steps=5, to=("onnxruntime",), history=False,
        processes=1,
    )  # fmt: skip
    run = deploy_run(options, Silent())
    assert [one.status for one in run.sides].count("failed") == 1
    assert sorted(one.verdict for one in run.artifacts) == ["refused", "same"]
    assert any(one.why.startswith("the side itself failed: ") for one in run.artifacts)


def test_a_side_that_failed_before_has_its_cells(tmp_path: Path) -> None:
    """Also in `compare`, where the record of the side says why."""
    job: Any = SimpleNamespace(
        options=CompareOptions(sides=("a.py",), to=("onnxruntime", "litert")), folder=tmp_path, trials=Trials(tmp_path)
    )
    cells = arrived(job, [], {"a": "it ran out of memory"}, Silent())
    assert [(one.side, one.target, one.verdict) for one in cells] == [
        ("a", "onnxruntime", "refused"),
        ("a", "litert", "refused"),
    ]
    assert {one.why for one in cells} == {"the side itself failed: it ran out of memory"}
