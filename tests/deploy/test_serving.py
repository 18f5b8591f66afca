"""Servers: what stands in for TF Serving answers as its pages say, and the scripts ask whichever server there is."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from paragone.deploy import under_load
from paragone.deploy.target import beside, targets
from paragone.records import LoadRun

from .conftest import Done, deployed, sides_in

FLOAT_NOISE = 1e-6


@dataclass(frozen=True)
class StandIn:
    """One that runs, and the artifact that it serves."""

    folder: Path
    rest: int
    grpc: int

    def asked(self, path: str, body: bytes | None = None, length: int | None = None) -> tuple[int, Any]:
        """Status and answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.rest, timeout=60)
        headers = {} if length is None else {"Content-Length": str(length)}
        with contextlib.closing(connection):
            connection.request("GET" if body is None else "POST", path, body, headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    @property
    def example(self) -> dict[str, Any]:
        """Inputs, and what the side gave."""
        with np.load(self.folder / "example.npz") as saved:
            return dict(saved)


@pytest.fixture(scope="module")
def keras(tmp_path_factory: pytest.TempPathFactory) -> Done:
    """Keras' side in TensorFlow, and behind LitServe, under load."""
    folder = tmp_path_factory.mktemp("serving")
    side = sides_in(folder)[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(under_load, "RUNS", 2)
        return deployed(folder, [side], "tensorflow", "litserve", load=("20", "40"), load_seconds=0.5)


@pytest.fixture(scope="module")
def artifact(keras: Done) -> Path:
    """Its SavedModel with the scripts that ask TF Serving."""
    folder = keras.folder / keras.cell("tensorflow", "tensorflow").folder
    for target in (targets()[name] for name in ("tf_serving_rest", "tf_serving_grpc")):
        for name, text in {
            f"{target.name}.py": target.script(),
            **{each: beside(each) for each in target.beside},
        }.items():
            (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def stand_in(artifact: Path) -> Iterator[StandIn]:
    """It runs as long as the tests of this file."""
    sys.path.insert(0, str(artifact))
    from serving import free_port

    one = StandIn(artifact, free_port(), free_port())
    command = [sys.executable, str(artifact / "tf_serving_stand_in.py"), str(one.rest), str(one.grpc)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while True:
            assert process.poll() is None
            try:
                assert one.asked("/v1/models/model")[0] == 200
                break
            except ConnectionError:
                time.sleep(0.1)
        yield one
        process.kill()


def script(artifact: Path, name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A script, run alone."""
    command = [sys.executable, str(artifact / f"{name}.py")]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, env=os.environ | environment
    )


def apart(done: subprocess.CompletedProcess[str]) -> float:
    """What a script says of how far it is from the side."""
    assert done.returncode == 0, done.stderr
    return float(done.stdout.split("at most ")[1].split()[0])


def test_it_says_what_it_serves(stand_in: StandIn) -> None:
    _, status = stand_in.asked("/v1/models/model")
    assert [one["state"] for one in status["model_version_status"]] == ["AVAILABLE"]
    code, metadata = stand_in.asked("/v1/models/model/metadata")
    signature = metadata["metadata"]["signature_def"]["signature_def"]["serving_default"]
    assert code == 200 and set(signature["inputs"]) == {"x0"} and set(signature["outputs"]) == {"y0"}


def test_it_predicts_by_columns_and_by_rows(stand_in: StandIn) -> None:
    example = stand_in.example
    x, wanted = example["x0"].tolist(), example["y0"]
    asked = {"inputs": {"x0": x}}, {"inputs": x}, {"instances": x}, {"instances": [{"x0": row} for row in x]}
    for request in asked:
        code, answer = stand_in.asked("/v1/models/model:predict", json.dumps(request).encode())
        (found,) = answer.values()
        assert code == 200, answer
        assert np.abs(np.array(found) - wanted).max() <= FLOAT_NOISE * np.abs(wanted).max()


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"inputs": {"y": [[1, 2, 3, 4]]}}',
        b'{"inputs": [1, 2]}',
        b'{"inputs": [["a"]]}',
        b"3",
    ],
)
def test_what_is_no_request_is_refused(stand_in: StandIn, body: bytes) -> None:
    code, answer = stand_in.asked("/v1/models/model:predict", body)
    assert code == 400 and answer["error"]


def test_what_the_model_does_not_take_is_tensorflows_to_say(stand_in: StandIn) -> None:
    code, answer = stand_in.asked("/v1/models/model:predict", b'{"inputs": [[1, 2, 3]]}')
    assert code == 500 and "Matrix size-incompatible" in answer["error"]


def test_other_pages_and_long_bodies_are_refused(stand_in: StandIn) -> None:
    assert stand_in.asked("/v1/models/other")[0] == 404
    assert stand_in.asked("/v1/models/other:predict", b"{}")[0] == 404
    assert stand_in.asked("/v1/models/model:predict", b"{}", length=10**12)[0] == 413


@pytest.mark.parametrize("way", ["rest", "grpc"])
def test_a_server_that_is_named_is_asked(stand_in: StandIn, way: str) -> None:
    named = f"127.0.0.1:{stand_in.rest}:{stand_in.grpc}"
    wanted = np.abs(stand_in.example["y0"]).max()
    found = apart(script(stand_in.folder, f"tf_serving_{way}", PARAGONE_TF_SERVING=named))
    assert found <= FLOAT_NOISE * wanted


@pytest.mark.parametrize(("named", "why"), [("here", "HOST:REST_PORT:GRPC_PORT"), ("127.0.0.1:9:9", "nothing answers")])
def test_a_server_that_is_named_and_not_there_is_told(artifact: Path, named: str, why: str) -> None:
    done = script(artifact, "tf_serving_rest", PARAGONE_TF_SERVING=named)
    assert done.returncode and why in done.stderr


def test_tf_serving_on_the_path_is_started(artifact: Path, tmp_path: Path) -> None:
    """Here it is a program of its name, with its options, which starts what we have."""
    program = tmp_path / "tensorflow_model_server"
    program.write_text(
        f"#!{sys.executable}\n"
        "import os, sys\n"
        "given = dict(each.removeprefix('--').split('=', 1) for each in sys.argv[1:])\n"
        "assert given['model_name'] == 'model' and os.path.isfile(given['model_base_path'] + '/1/saved_model.pb')\n"
        f"os.execv(sys.executable, [sys.executable, {str(artifact / 'tf_serving_stand_in.py')!r}, "
        "given['rest_api_port'], given['port']])\n",
        encoding="utf-8",
    )
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    done = script(artifact, "tf_serving_rest", PATH=f"{tmp_path}:{os.environ['PATH']}")
    assert apart(done) <= FLOAT_NOISE * 10
    assert not subprocess.run(["pgrep", "-f", str(artifact)], check=False, capture_output=True).stdout.split()[1:]


def test_a_server_of_an_onnx_file_arrives_and_holds_its_load(keras: Done) -> None:
    cell = keras.cell("tensorflow", "litserve")
    assert cell.verdict == "same" and not cell.note, cell.why
    assert cell.latency_s is not None and cell.cold_start_s is not None and cell.cold_start_s > cell.latency_s.p50
    load = keras.run.load
    assert load is not None and load.orders == ()
    (server,) = load.servers
    assert [(one.rate_per_s, one.run) for one in server.runs] == [(20, 0), (20, 1), (40, 0), (40, 1)], server.why
    assert all(_whole(one) for one in server.runs)


def _whole(one: LoadRun) -> bool:
    assert one.p50_s is not None and one.p99_s is not None
    return (one.sent, one.answered, one.failed) == (round(one.rate_per_s / 2), one.sent, 0) and one.p50_s <= one.p99_s
