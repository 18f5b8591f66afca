"""A stand-in where TF Serving is not to be had: `python tf_serving_stand_in.py REST_PORT GRPC_PORT`.

It answers at TF Serving's addresses on this machine alone, over REST (status, metadata, predict:
https://www.tensorflow.org/tfx/serving/api_rest) and over gRPC (Predict, GetModelMetadata, GetModelStatus). The model is
computed by TensorFlow's C API, as TF Serving's own is by its C++ one: https://www.tensorflow.org/install/lang_c.
Requests, threads and batching are Python's, so its latencies are not those of TF Serving.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
from saved_model_in_c import Model

NAME = "model"
PAGE = f"/v1/models/{NAME}"
SIGNATURE = "serving_default"
LONGEST_BYTES = 256 * 2**20


def status() -> dict[str, Any]:
    """What TF Serving says of a model that is there."""
    fine = {"error_code": "OK", "error_message": ""}
    return {"model_version_status": [{"version": "1", "state": "AVAILABLE", "status": fine}]}


def predicted(model: Model, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to a request by columns (`inputs`) or by rows (`instances`).

    Raises:
        ValueError: the request is neither, or of another shape.
    """
    rows = request.get("instances")
    inputs = request.get("inputs") if rows is None else _columns(rows)
    if inputs is None:
        raise ValueError("Missing 'inputs' or 'instances' key")
    if not isinstance(inputs, dict):
        inputs = {model.inputs[0].name: inputs}
    found = {name: each.tolist() for name, each in model.run(inputs).items()}
    (one, *more) = found.values()
    if rows is None:
        return {"outputs": found if more else one}
    return {
        "predictions": [dict(zip(found, row, strict=True)) for row in zip(*found.values(), strict=True)]
        if more
        else one
    }


def _columns(rows: list[Any]) -> Any:
    return {name: [row[name] for row in rows] for name in rows[0]} if rows and isinstance(rows[0], dict) else rows


def handler(model: Model) -> type[BaseHTTPRequestHandler]:
    """What answers over REST."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # an answer leaves as a whole

        def do_GET(self) -> None:
            """Status and metadata."""
            if self.path in (PAGE, f"{PAGE}/versions/1"):
                self._say(200, status())
            elif self.path == f"{PAGE}/metadata":
                self._say(200, {"model_spec": {"name": NAME, "version": "1"}, "metadata": model.described()})
            else:
                self._say(404, {"error": f"Malformed request: GET {self.path}"})

        def do_POST(self) -> None:
            """A prediction."""
            length = int(self.headers.get("Content-Length") or 0)
            if self.path not in (f"{PAGE}:predict", f"{PAGE}/versions/1:predict"):
                self.close_connection = True
                self._say(404, {"error": f"Malformed request: POST {self.path}"})
            elif not 0 < length <= LONGEST_BYTES:
                self.close_connection = True
                self._say(413, {"error": f"a body of 1 to {LONGEST_BYTES} bytes is wanted"})
            else:
                self._predict(self.rfile.read(length))

        def _predict(self, body: bytes) -> None:
            try:
                answer = predicted(model, json.loads(body))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                self._say(400, {"error": str(error)})
            except RuntimeError as error:
                self._say(500, {"error": str(error)})
            else:
                self._say(200, answer)

        def _say(self, code: int, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *values: Any) -> None:
            """Requests are not logged."""

    return Handler


def start_grpc(model: Model, port: int) -> Any:
    """The same over gRPC; the server, which runs as long as it is kept."""
    import grpc
    from tensorflow_serving.apis import model_service_pb2_grpc, prediction_service_pb2_grpc

    server = grpc.server(ThreadPoolExecutor(8))
    prediction_service_pb2_grpc.add_PredictionServiceServicer_to_server(_predictions(model), server)
    model_service_pb2_grpc.add_ModelServiceServicer_to_server(_statuses(), server)
    server.add_insecure_port(f"127.0.0.1:{port}")
    server.start()
    return server


def _predictions(model: Model) -> Any:
    import grpc
    import tensorflow as tf
    from tensorflow_serving.apis import get_model_metadata_pb2, predict_pb2, prediction_service_pb2_grpc

    class Predictions(prediction_service_pb2_grpc.PredictionServiceServicer):
        def Predict(self, request: Any, context: Any) -> Any:
            try:
                found = model.run({name: tf.make_ndarray(one) for name, one in request.inputs.items()})
            except (ValueError, KeyError, TypeError) as error:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
            except RuntimeError as error:
                context.abort(grpc.StatusCode.INTERNAL, str(error))
            outputs = {name: tf.make_tensor_proto(np.ascontiguousarray(each)) for name, each in found.items()}
            return predict_pb2.PredictResponse(model_spec=request.model_spec, outputs=outputs)

        def GetModelMetadata(self, request: Any, _: Any) -> Any:
            signatures = get_model_metadata_pb2.SignatureDefMap()
            signatures.signature_def[SIGNATURE].CopyFrom(model.signature)
            answer = get_model_metadata_pb2.GetModelMetadataResponse(model_spec=request.model_spec)
            answer.metadata["signature_def"].Pack(signatures)
            return answer

    return Predictions()


def _statuses() -> Any:
    from tensorflow_serving.apis import get_model_status_pb2, model_service_pb2_grpc

    class Statuses(model_service_pb2_grpc.ModelServiceServicer):
        def GetModelStatus(self, _request: Any, _context: Any) -> Any:
            one = get_model_status_pb2.ModelVersionStatus(version=1, state="AVAILABLE")
            return get_model_status_pb2.GetModelStatusResponse(model_version_status=[one])

    return Statuses()


class Server(ThreadingHTTPServer):
    """Lets a burst of connections wait; beyond the five of Python's own, each is tried again only after a second."""

    request_queue_size = 128
    daemon_threads = True


if __name__ == "__main__":
    loaded = Model(Path(__file__).resolve().parent / "saved_model" / "1")
    kept = start_grpc(loaded, int(sys.argv[2]))
    Server(("127.0.0.1", int(sys.argv[1])), handler(loaded)).serve_forever()
