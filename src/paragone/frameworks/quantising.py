"""An ONNX model in int8, whichever framework wrote it: weights and activations, calibrated on training samples.

https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html (ONNX Runtime 1.32): static, in the format
QDQ, activations and weights in int8, a scale for each channel of the weights.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

Write = Callable[[Any, Sequence[Array], Path], None]


def in_int8(write: Write, side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side as its framework writes ONNX, and that in int8.

    Args:
        write: the framework's writer of ONNX.
        side: the built side.
        inputs: training samples to calibrate with.
        path: what to write.
    """
    from onnxruntime.quantization import quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        plain, ready = Path(folder) / "plain.onnx", Path(folder) / "ready.onnx"
        write(side, inputs, plain)
        quant_pre_process(plain, ready, skip_symbolic_shape=True)
        quantize_static(ready, path, _reader(_names(plain), inputs), per_channel=True)


def _names(model: Path) -> list[str]:
    import onnx

    return [each.name for each in onnx.load(model, load_external_data=False).graph.input]


def _reader(names: Sequence[str], inputs: Sequence[Array]) -> Any:
    """One sample after the other, as `quantize_static` asks for them."""
    from onnxruntime.quantization import CalibrationDataReader

    def samples() -> Iterator[dict[str, Array]]:
        for row in range(len(inputs[0])):
            yield {name: x[row : row + 1] for name, x in zip(names, inputs, strict=True)}

    class Reader(CalibrationDataReader):
        """Hands out what is left."""

        def __init__(self) -> None:
            self._left = samples()

        def get_next(self) -> dict[str, Array] | None:
            """The next sample by input, or None."""
            return next(self._left, None)

    return Reader()
