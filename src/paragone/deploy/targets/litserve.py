"""LitServe on this machine, with the model in ONNX Runtime: https://lightning.ai/docs/litserve (0.2.19)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "LitServe (ONNX Runtime)"
FORMATS = ("onnx",)
PACKAGES = ("litserve", "onnxruntime")
BESIDE = ("serving.py", "onnx_model.py", "litserve_server.py")
PROGRAM = "litserve_server.py"
READY = "/health"
SERVES = True

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """Start the server; what asks it over REST."""
    sys.path.insert(0, str(folder))
    from serving import serve_onnx

    server: Callable[[Sequence[Array]], list[Array]] = serve_onnx(folder, PROGRAM, READY)
    return server
