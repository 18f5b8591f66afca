r"""TensorFlow's C API on a SavedModel, without Python: https://www.tensorflow.org/install/lang_c (TensorFlow 2.21).

The program is compiled here at the first load. By hand, where TENSORFLOW is the folder of the package `tensorflow`:

    gcc -std=gnu11 -O1 -I$TENSORFLOW/include tensorflow_c.c -o tensorflow_c \
        -L$TENSORFLOW -l:libtensorflow_cc.so.2 -l:libtensorflow_framework.so.2 -Wl,-rpath,$TENSORFLOW

It is given the names of the tensors of the signature, and spoken to over its standard input and output, as `framing.py`
describes.
"""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TITLE = "TensorFlow's C API"
FORMATS = ("saved_model",)
PACKAGES = ("tensorflow",)
PROGRAMS = ("gcc",)
BESIDE = ("compiling.py", "framing.h", "framing.py", "tensorflow_c.c")
LIBRARIES = ("-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2")

Array = np.ndarray[Any, Any]

_took: dict[Path, float] = {}


def load(folder: Path) -> Callable[[Sequence[Array]], list[Array]]:
    """What computes the outputs from inputs, both in the order of the artifact."""
    compiling = runpy.run_path(str(folder / "compiling.py"))
    tensorflow = compiling["package"]("tensorflow")
    compiler = ("gcc", "-std=gnu11", "-O1", f"-I{tensorflow / 'include'}")
    libraries = (f"-L{tensorflow}", *LIBRARIES, f"-Wl,-rpath,{tensorflow}")
    program, _took[folder] = compiling["compiled"](folder / "tensorflow_c.c", compiler, libraries)
    model = folder / "saved_model" / "1"
    inputs, outputs = tensors((model / "saved_model.pb").read_bytes())
    started: Callable[[Sequence[Array]], list[Array]] = runpy.run_path(str(folder / "framing.py"))["Program"](
        [str(program), str(model), *inputs, "--", *outputs]
    )
    return started


def facts(folder: Path) -> dict[str, float]:
    """Seconds that the compilation of the program took, which its start does not hold."""
    return {"compile_s": _took[folder]}


def tensors(saved_model: bytes) -> tuple[list[str], list[str]]:
    """The tensors of inputs x0, x1 and so on, and of outputs y0, y1 and so on, of the signature `serving_default`.

    The numbers of fields are those of saved_model.proto and meta_graph.proto (TensorFlow 2.21); how messages are
    written: https://protobuf.dev/programming-guides/encoding/.

    Raises:
        ValueError: there is no such signature.
    """
    graphs = _each(saved_model, 2)
    signatures = [found for graph in graphs for found in _each(graph, 5) if _text(found, 1) == "serving_default"]
    if not signatures:
        raise ValueError("the SavedModel has no signature 'serving_default'")
    (signature,) = _each(signatures[0], 2)
    named = [
        {_text(entry, 1): _text(info, 1) for entry in _each(signature, field) for info in _each(entry, 2)}
        for field in (1, 2)
    ]
    inputs, outputs = ([found[name] for name in sorted(found, key=_place)] for found in named)
    return inputs, outputs


def _place(name: str) -> tuple[int, str]:
    return int(name[1:]), name


def _text(message: bytes, field: int) -> str:
    return next(_each(message, field), b"").decode()


def _each(message: bytes, field: int) -> Iterator[bytes]:
    """What a message has in a field of bytes: texts and other messages."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind = key & 7
        if kind == 0:
            _, at = _number(message, at)
        elif kind in (1, 5):
            at += 8 if kind == 1 else 4
        elif kind == 2:
            size, at = _number(message, at)
            if key >> 3 == field:
                yield message[at : at + size]
            at += size
        else:
            raise ValueError(f"no message: a field of kind {kind}")
    if at > len(message):
        raise ValueError("no message: it ends too early")


def _number(message: bytes, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, and where it ends."""
    value = shift = 0
    while True:
        if at >= len(message) or shift > 63:
            raise ValueError("no message: a number does not end")
        byte = message[at]
        value, at, shift = value | (byte & 127) << shift, at + 1, shift + 7
        if byte < 128:
            return value, at
