"""What only some targets have: facts, a system of their own, batches that are handed over in pieces."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from paragone.deploy import host
from paragone.deploy import target as registry

from .conftest import deployed, sides_in


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
