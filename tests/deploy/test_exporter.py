"""A side's worker while the side is written: what is asked of it once only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from paragone.deploy import exporter
from paragone.errors import WorkerFailure
from paragone.workers.spawn import WorkerSpec


def test_a_side_that_cannot_be_trained_is_asked_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[str] = []

    class Refuses:
        alive = True

        def __init__(self, spec: WorkerSpec, *_: object):
            started.append(spec.side)

        def call(self, *_: object, **__: Any) -> dict[str, Any]:
            raise WorkerFailure("no step")

        def close(self) -> None:
            started.append("closed")

    monkeypatch.setattr(exporter, "Worker", Refuses)
    spec = WorkerSpec(side="torch", framework="torch", file="side.py")
    with exporter.Exporter(spec, 0, 5, tmp_path / "scratch", tmp_path / "log") as side:
        for name in ("onnx", "torch_export"):
            with pytest.raises(WorkerFailure, match="no step"):
                side.write(name, tmp_path / name)
    assert started == ["torch", "closed"]
