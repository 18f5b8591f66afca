"""Asks TF Serving, over REST or gRPC: a server that you name, one that we start, or a stand-in where there is none.

- `PARAGONE_TF_SERVING=HOST:REST_PORT:GRPC_PORT` names a server that serves this artifact as the model `model`;
  `serve_with_tf_serving.sh` is the recipe for one.
- Otherwise `tensorflow_model_server` is started, where it is on the path.
- Otherwise `tf_serving_stand_in.py` answers at the same addresses: https://www.tensorflow.org/tfx/serving/api_rest
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from serving import HOST, Process, Rest, free_port

NAMED_BY = "PARAGONE_TF_SERVING"
SERVER = "tensorflow_model_server"
MODEL = "model"
PAGE = f"/v1/models/{MODEL}"
STAND_IN = "a stand-in for TF Serving, by TensorFlow's C API"
NOTE = (
    f"not TF Serving itself: there is no {SERVER} here and {NAMED_BY} names none, so that TensorFlow's C API "
    "answered at its addresses; what it computes is the model, and the times are not those of TF Serving"
)

Array = np.ndarray[Any, Any]


def asked_over(folder: Path, way: str) -> Rest | Grpc:
    """What asks the server.

    Args:
        folder: of the artifact.
        way: `rest` or `grpc`.

    Raises:
        RuntimeError: the server cannot be asked.
    """
    named = os.environ.get(NAMED_BY, "")
    if named:
        host, rest, grpc_port = _parts(named)
        return _asked(way, host, rest, grpc_port, None, f"TF Serving at {named}")
    rest, grpc_port = free_port(), free_port()
    if shutil.which(SERVER):
        options = {
            "rest_api_port": rest,
            "port": grpc_port,
            "model_name": MODEL,
            "model_base_path": folder / "saved_model",
        }
        command = [SERVER, *(f"--{name}={value}" for name, value in options.items())]
        return _asked(way, HOST, rest, grpc_port, Process(command), SERVER)
    command = [sys.executable, str(folder / "tf_serving_stand_in.py"), str(rest), str(grpc_port)]
    stand_in = _asked(way, HOST, rest, grpc_port, Process(command), STAND_IN)
    stand_in.note = NOTE
    return stand_in


def _parts(named: str) -> tuple[str, int, int]:
    host, *ports = named.rsplit(":", 2)
    if len(ports) != 2 or not all(port.isdigit() for port in ports):
        raise RuntimeError(
            f"{NAMED_BY} is {named!r}, and HOST:REST_PORT:GRPC_PORT is wanted, such as localhost:8501:8500"
        )
    return host, int(ports[0]), int(ports[1])


def _asked(way: str, host: str, rest: int, grpc_port: int, process: Process | None, runtime: str) -> Rest | Grpc:
    over_rest = Rest(rest, f"{PAGE}:predict", PAGE, host=host, process=process, runtime=runtime)
    return over_rest if way == "rest" else Grpc(f"{host}:{grpc_port}", over_rest, process, runtime)


class Grpc:
    """A server that is asked over gRPC, with the messages of `tensorflow-serving-api`.

    https://github.com/tensorflow/serving/blob/2.20.0/tensorflow_serving/apis/prediction_service.proto

    Args:
        address: host and port.
        over_rest: the same server, which says that it is ready.
        process: where we started it.
        runtime: what it is.
    """

    def __init__(self, address: str, over_rest: Rest, process: Process | None, runtime: str):
        self._ready_s = time.monotonic()  # importing our own client is no part of the server's start
        import grpc
        from tensorflow_serving.apis import prediction_service_pb2_grpc

        self.runtime, self.note = runtime, ""
        self._process, self._rest = process, over_rest
        self._channel = grpc.insecure_channel(address)
        self._stub = prediction_service_pb2_grpc.PredictionServiceStub(self._channel)
        if process is not None:
            self.peak_memory_bytes = process.peak_memory_bytes

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        """Ask it once."""
        import tensorflow as tf

        request = self.body(inputs)
        began_s = time.monotonic()
        found = self._stub.Predict(request, timeout=60).outputs
        if self._process is not None and not hasattr(self, "cold_start_s"):
            self.cold_start_s = self._ready_s - self._process.began_s + time.monotonic() - began_s
        return [tf.make_ndarray(found[name]) for name in sorted(found, key=lambda name: int(name[1:]))]

    def body(self, inputs: Sequence[Array]) -> Any:
        """A request."""
        import tensorflow as tf
        from tensorflow_serving.apis import predict_pb2

        request = predict_pb2.PredictRequest()
        request.model_spec.name = MODEL
        request.model_spec.signature_name = "serving_default"
        for place, x in enumerate(inputs):
            request.inputs[f"x{place}"].CopyFrom(tf.make_tensor_proto(x))
        return request

    def sender(self) -> Callable[[Any], Any]:
        """What sends requests and gives the answers; gRPC shares one connection between all who ask."""
        return lambda request: self._stub.Predict(request, timeout=60)
