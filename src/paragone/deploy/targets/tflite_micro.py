"""LiteRT for Microcontrollers (TFLM), its reference kernels on this machine, in float32.

https://github.com/tensorflow/tflite-micro/blob/main/python/tflite_micro/README.md
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "LiteRT for Microcontrollers"
FORMATS = ("litert_one",)
PACKAGES = ("tflite-micro",)
PRECISION = "float32"

Array = np.ndarray[Any, Any]

_MOST_BYTES = 1_073_741_824


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact; it takes one sample at a time."""
    model = (folder / "model.tflite").read_bytes()
    interpreter = _interpreter(model)
    places, outputs = _places(model)

    def row(inputs: Sequence[Array]) -> list[Array]:
        for place, x in zip(places, inputs, strict=True):
            interpreter.set_input(x, place)
        interpreter.invoke()
        return [np.array(interpreter.get_output(place)) for place in outputs]

    def predict(inputs: Sequence[Array]) -> list[Array]:
        rows = [row([x[number : number + 1] for x in inputs]) for number in range(len(inputs[0]))]
        return [np.concatenate(each) for each in zip(*rows, strict=True)]

    return predict


def facts(folder: Path) -> dict[str, float]:
    """Bytes of the arena, all the memory that the model needs on a device besides its own file, as TFLM recorded it."""
    interpreter = _interpreter((folder / "model.tflite").read_bytes())
    interpreter.invoke()
    with tempfile.TemporaryFile() as taken:
        kept = os.dup(2)
        os.dup2(taken.fileno(), 2)
        try:
            interpreter.print_allocations()  # to the standard error of the process, and nowhere else
        finally:
            os.dup2(kept, 2)
            os.close(kept)
        taken.seek(0)
        found = re.search(rb"Arena allocation total (\d+) bytes", taken.read())
    return {"arena_bytes": float(found[1])} if found else {}


def _interpreter(model: bytes) -> Any:
    """With the first of doubled arenas that is large enough."""
    from tflite_micro import runtime

    size = max(2**16, len(model))
    while True:
        try:
            return runtime.Interpreter.from_bytes(model, arena_size=size)
        except RuntimeError:
            size *= 2
            if size > _MOST_BYTES:
                raise


def _places(model: bytes) -> tuple[list[int], list[int]]:
    """Where inputs x0, x1 and so on are among the model's, and where outputs y0, y1 and so on are."""
    from tflite_micro import runtime

    described = runtime.convert_bytearray_to_object(model)
    graph, signature = described.subgraphs[0], described.signatureDefs[0]
    return _ordered(list(graph.inputs), signature.inputs), _ordered(list(graph.outputs), signature.outputs)


def _ordered(tensors: list[int], named: Sequence[Any]) -> list[int]:
    return [tensors.index(each.tensorIndex) for each in sorted(named, key=lambda each: int(each.name[1:]))]
