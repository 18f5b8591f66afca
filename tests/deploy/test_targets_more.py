"""What the further targets bring: int8 in ONNX Runtime, facts, runtimes of other systems, scripts that run alone."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from paragone.deploy import host
from paragone.deploy import target as registry
from paragone.deploy.formats import FORMATS
from paragone.deploy.writers import why_not, written_by

from .conftest import Done, deployed, sides_in

FRAMEWORKS = ("torch", "tensorflow", "jax")


@pytest.fixture(scope="module")
def quantised(tmp_path_factory: pytest.TempPathFactory) -> Done:
    folder = tmp_path_factory.mktemp("int8")
    return deployed(folder, sides_in(folder), "onnxruntime_int8")


@pytest.mark.parametrize("side", FRAMEWORKS)
def test_onnx_in_int8_says_what_it_costs(quantised: Done, side: str) -> None:
    cell = quantised.cell(side, "onnxruntime_int8")
    assert (cell.verdict, cell.precision) == ("quantised", "int8"), cell.why
    assert cell.max_rel is not None and 0 < cell.max_rel < 0.2
    assert cell.accuracy is not None and cell.accuracy.rows == 24


@pytest.mark.parametrize("side", FRAMEWORKS)
def test_weights_of_onnx_in_int8_are_int8(quantised: Done, side: str) -> None:
    import onnx

    cell = quantised.cell(side, "onnxruntime_int8")
    model = onnx.load(quantised.folder / cell.folder / "model.onnx")
    kinds = {each.data_type for each in model.graph.initializer if len(each.dims) == 2}
    assert kinds == {onnx.TensorProto.INT8}


def test_a_script_does_not_hide_the_runtime_of_its_name(quantised: Done, tmp_path: Path) -> None:
    """Python puts a script's own folder first: `onnxruntime.py` there would be imported in place of ONNX Runtime."""
    found = deployed(tmp_path, sides_in(tmp_path)[:1], "onnxruntime").cell("torch", "onnxruntime")
    script = (tmp_path / "run" / found.folder / found.script).resolve()
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_target_of_another_system_is_written_and_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry.targets()["onnxruntime"]
    monkeypatch.setattr(registry, "targets", lambda: {"mac": replace(known, name="mac", systems=("Darwin",))})
    monkeypatch.setattr("platform.system", lambda: "Linux")
    found = deployed(tmp_path, sides_in(tmp_path)[:1], "mac")
    cell = found.cell("torch", "mac")
    assert (cell.verdict, cell.why, cell.ran) == ("not run", "not run here: needs macOS", False)
    assert cell.size_bytes == (found.folder / cell.folder / "model.onnx").stat().st_size
    assert cell.latency_s is None and cell.max_rel is None


def test_facts_of_a_script_arrive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = registry.targets()["onnxruntime"]
    said = known.source + "\n\ndef facts(folder: Path) -> dict[str, float]:\n    return {'arena_bytes': 12}\n"
    monkeypatch.setattr(registry, "targets", lambda: {"told": replace(known, name="told", source=said)})
    assert deployed(tmp_path, sides_in(tmp_path)[:1], "told").cell("torch", "told").facts == {"arena_bytes": 12.0}


def test_facts_that_cannot_be_had_spoil_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    class Script:
        @staticmethod
        def facts(folder: Path) -> dict[str, float]:
            raise RuntimeError("no arena")

    assert host._facts(Script(), Path()) == {}
    assert "no arena" in capsys.readouterr().err
    assert host._facts(object(), Path()) == {}


def test_longer_batches_go_to_executorch_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its runtime is stood in for here: one that refuses more than it was planned for, and reuses its output."""
    import types

    import torch

    sizes: list[int] = []
    place = torch.zeros(32, 2)

    class Method:
        @staticmethod
        def execute(inputs: list[torch.Tensor]) -> list[torch.Tensor]:
            sizes.append(len(inputs[0]))
            place[: sizes[-1]] = 2 * inputs[0]
            return [place[: sizes[-1]]]

    program = types.SimpleNamespace(load_method=lambda _: Method)
    runtime = types.ModuleType("executorch.runtime")
    runtime.Runtime = types.SimpleNamespace(  # type: ignore[attr-defined]
        get=lambda: types.SimpleNamespace(load_program=lambda *_, **__: program)
    )
    runtime.Verification = types.SimpleNamespace(Minimal=0)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "executorch", types.ModuleType("executorch"))
    monkeypatch.setitem(sys.modules, "executorch.runtime", runtime)
    from paragone.deploy.targets import executorch as script

    x = np.arange(140, dtype=np.float32).reshape(70, 2)
    (found,) = script.load(tmp_path)([x])
    assert sizes == [32, 32, 6]
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, 2 * x)


def test_every_target_reads_a_format_and_every_framework_writes_it_or_says_why_not() -> None:
    for one in registry.targets().values():
        assert set(one.formats) <= set(FORMATS)
        for framework in FRAMEWORKS:
            if not written_by(framework) & set(one.formats):
                assert "has no writer" not in why_not(framework, one.formats), (one.name, framework)


def test_a_target_imports_its_runtime_only_when_it_loads() -> None:
    for one in registry.targets().values():
        tops = [node for node in ast.parse(one.source).body if isinstance(node, ast.Import | ast.ImportFrom)]
        names = {
            n.split(".")[0]
            for node in tops
            for n in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        }
        assert names <= {*sys.stdlib_module_names, "numpy"}, one.name
