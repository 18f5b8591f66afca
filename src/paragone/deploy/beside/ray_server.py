"""A server by Ray Serve: `python ray_server.py PORT`, then POST to /predict. https://docs.ray.io/en/releases-2.60.0/serve."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # it would tell its makers about us

import ray
from ray import serve
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

HERE = Path(__file__).resolve().parent


@serve.deployment(num_replicas=1, ray_actor_options={"num_cpus": 1})
class OnnxModel:
    """One request, one prediction."""

    def __init__(self, folder: str):
        sys.path.insert(0, folder)
        from onnx_model import Model

        self._model = Model(Path(folder))

    async def __call__(self, request: Request) -> Response:
        """Compute, or say that we are there."""
        if request.url.path.endswith("/health"):
            return PlainTextResponse("ok")
        given: dict[str, Any] = await request.json()
        return JSONResponse({"outputs": self._model(given["inputs"])})


if __name__ == "__main__":
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False)
    serve.start(http_options={"host": "127.0.0.1", "port": int(sys.argv[1])})
    serve.run(OnnxModel.bind(str(HERE)), route_prefix="/")  # type: ignore[attr-defined]
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    serve.shutdown()
    ray.shutdown()
