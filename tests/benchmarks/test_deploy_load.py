"""The page of servers under load is that of its record."""

from __future__ import annotations

from pathlib import Path

from benchmarks.deploy_load import write
from tests.report.sample_load import load, server

SERVERS = (
    server("keras_side", "tf_serving_rest"),
    server("keras_side", "litserve"),
    server("torch_side", "litserve", apart=0.3),
    server("torch_side", "bentoml", held=False, why="RuntimeError: it ended"),
)
KEPT = {"date": "2026-11-30", "machine": "a machine, 2 cores", "load_before": 0.5}


def test_orders_doubts_failures_and_every_rate_are_told(tmp_path: Path) -> None:
    write({"digits-cnn": KEPT | {"load": load(*SERVERS).model_dump(mode="json")}}, tmp_path)
    page = (tmp_path / "load.md").read_text(encoding="utf-8")
    assert "at 10, 50 and 200 requests a second: TF Serving, REST before LitServe (ONNX Runtime)." in page
    assert "runs of one server lie more than 10 % apart" in page
    assert "BentoML (ONNX Runtime) of torch_side did not keep up with 200 requests a second." in page
    assert "failed under load: RuntimeError: it ended." in page
    assert sum(line.startswith(("| keras_side", "| torch_side")) for line in page.splitlines()) == 4 * 3
    assert "| torch_side | BentoML (ONNX Runtime) | 200 |" in page


def test_the_same_record_gives_the_same_files(tmp_path: Path) -> None:
    kept = {"digits-cnn": KEPT | {"load": load(*SERVERS).model_dump(mode="json")}}
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        write(kept, tmp_path / name)
    written = sorted(one.name for one in (tmp_path / "a").iterdir())
    assert written == ["load-digits-cnn.svg", "load.md"]
    assert all((tmp_path / "a" / one).read_bytes() == (tmp_path / "b" / one).read_bytes() for one in written)
