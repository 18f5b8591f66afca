"""A server by LitServe: `python litserve_server.py PORT`, then POST to /predict. https://lightning.ai/docs/litserve."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import litserve
from onnx_model import Model


class OnnxApi(litserve.LitAPI):
    """One request, one prediction."""

    def setup(self, device: str) -> None:  # noqa: ARG002 (LitServe gives it)
        """Load the model, once for each worker."""
        self.model = Model(Path(__file__).resolve().parent)

    def decode_request(self, request):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 (a type would be checked)
        """The inputs by name."""
        return request["inputs"]

    def predict(self, inputs: dict[str, Any]) -> Any:
        """Compute."""
        return self.model(inputs)

    def encode_response(self, outputs: Any) -> dict[str, Any]:
        """The answer."""
        return {"outputs": outputs}


if __name__ == "__main__":
    server = litserve.LitServer(OnnxApi(), accelerator="cpu", workers_per_device=1)
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False, log_level="warning")
