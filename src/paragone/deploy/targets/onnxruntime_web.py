"""ONNX Runtime Web, in WebAssembly, in Node instead of a browser: https://onnxruntime.ai/docs/tutorials/web/ (1.30).

Node finds the package where NODE_PATH says, or beside this file after `npm install onnxruntime-web@1.30.0` there. The
program is spoken to over its standard input and output, as `framing.py` describes.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "ONNX Runtime Web"
FORMATS = ("onnx",)
PACKAGES = ()
NPM = ("onnxruntime-web@1.30.0",)
BESIDE = ("framing.py", "onnxruntime_web.cjs")

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    command = ["node", str(folder / "onnxruntime_web.cjs"), str(folder / "model.onnx")]
    started: Callable[[Sequence[Array]], list[Array]] = runpy.run_path(str(folder / "framing.py"))["Program"](command)
    return started
