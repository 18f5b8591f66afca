"""Core ML, which computes on macOS only: https://apple.github.io/coremltools/docs-guides/source/model-prediction.html.

coremltools 9.0 writes its programs on other systems, too; they are left there for a Mac to run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "Core ML"
FORMATS = ("coreml",)
PACKAGES = ("coremltools",)
SYSTEMS = ("Darwin",)

Array = np.ndarray[Any, Any]


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    import coremltools

    model = coremltools.models.MLModel(str(folder / "model.mlpackage"))
    described = model.get_spec().description
    names, outputs = ([each.name for each in one] for one in (described.input, described.output))

    def predict(inputs: Sequence[Array]) -> list[Array]:
        found = model.predict(dict(zip(names, inputs, strict=True)))
        return [np.asarray(found[name]) for name in outputs]

    return predict
