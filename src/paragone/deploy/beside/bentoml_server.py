"""A server by BentoML: `python bentoml_server.py PORT`, then POST to /predict.

https://docs.bentoml.com/en/latest (BentoML 1.4)
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import bentoml
from onnx_model import Model

HERE = Path(__file__).resolve().parent


@bentoml.service(workers=1)
class OnnxService:
    """One request, one prediction."""

    def __init__(self) -> None:
        self._model = Model(HERE)

    @bentoml.api(route="/predict")
    def predict(self, inputs: dict[str, Any]) -> dict[str, Any]:
        """Compute."""
        return {"outputs": self._model(inputs)}


if __name__ == "__main__":
    os.environ.setdefault("BENTOML_DO_NOT_TRACK", "True")  # it would tell its makers about us
    os.environ.setdefault("BENTOML_CONFIG_OPTIONS", "api_server.logging.access.enabled=false")
    os.environ.setdefault("BENTOML_HOME", str(HERE / "bentoml_home"))
    given = [
        "serve",
        "bentoml_server:OnnxService",
        "--host",
        "127.0.0.1",
        "--port",
        sys.argv[1],
        "--working-dir",
        str(HERE),
    ]
    os.execv(sys.executable, [sys.executable, "-m", "bentoml", *given])
