"""Core ML by coremltools (9.0), of a concrete function.

https://apple.github.io/coremltools/docs-guides/source/convert-tensorflow.html and .../source/flexible-inputs.html
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import LARGEST_BATCH, Array

NEEDS = ("coremltools",)


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `KerasSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import coremltools as ct

    from paragone.frameworks.tensorflow.exporting import serving

    _, serve = serving(side, inputs)
    wide = ct.RangeDim(1, LARGEST_BATCH, default=1)
    types = [ct.TensorType(f"x{place}", (wide, *x.shape[1:])) for place, x in enumerate(inputs)]
    options = {"compute_precision": ct.precision.FLOAT32, "minimum_deployment_target": ct.target.iOS16}
    function = serve.get_concrete_function()
    ct.convert([function], source="tensorflow", inputs=types, convert_to="mlprogram", **options).save(str(path))
