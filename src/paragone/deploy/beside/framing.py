"""Speaks to a program that computes, over its standard input and output; NumPy and the standard library only.

A message is a head of 24 bytes, then what it announces; all numbers are unsigned and little-endian:

    4 bytes   `ARRS` or `FAIL`
    4 bytes   how many arrays follow; after `FAIL` how many bytes of a text in UTF-8
    8 bytes   nanoseconds that the model took; 0 in a request
    8 bytes   the most memory that the program has had, in bytes; 0 in a request

and for each array 72 bytes, and then its elements, row by row:

    4 bytes   type of the elements, by the numbers of ONNX: https://onnx.ai/onnx/api/classes.html#tensorproto (1.23)
    4 bytes   number of axes, at most 8
    64 bytes  length of every axis; those that are not there are 0

A request has the inputs, in the order of the artifact; the answer has the outputs in theirs, or says what failed. A
program reads a request as a whole before it answers, answers them one after the other, and ends with its input.
"""

from __future__ import annotations

import contextlib
import math
import struct
import subprocess
import time
import weakref
from collections.abc import Sequence
from typing import IO, Any

import numpy as np

Array = np.ndarray[Any, Any]

TYPES = {1: "<f4", 2: "|u1", 3: "|i1", 6: "<i4", 7: "<i8", 9: "|b1", 10: "<f2", 11: "<f8"}
"""Types of elements as NumPy calls them."""
MOST_ARRAYS, MOST_AXES, MOST_BYTES = 64, 8, 2**31
_HEAD, _ARRAY = struct.Struct("<4sIQQ"), struct.Struct("<II8Q")
_NUMBERS = {np.dtype(name): number for number, name in TYPES.items()}
_GRACE_S = 10.0


class Program:
    """A program that computes; called with inputs, it gives outputs.

    Args:
        command: that starts it.

    Attributes:
        last_s: what the last call took in the program.
        cold_start_s: from the start of the program to its first answer.
        close: ends the program; called by itself when nothing can call the program any more.
    """

    def __init__(self, command: Sequence[str]):
        self.last_s = self.cold_start_s = 0.0
        self._peak_bytes: int | None = None
        self._began = time.perf_counter()
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.close = weakref.finalize(self, _end, self._process)

    def __call__(self, inputs: Sequence[Array]) -> list[Array]:
        """What the program gives for these inputs.

        Raises:
            RuntimeError: it says that it failed, or ended.
            ValueError: it cannot be said, or was not said, as a message.
        """
        assert self._process.stdin is not None and self._process.stdout is not None
        request = message(inputs)
        try:
            self._process.stdin.write(request)
            self._process.stdin.flush()
            outputs, took_ns, peak_bytes = read(self._process.stdout)
        except (BrokenPipeError, EOFError) as error:
            raise RuntimeError(f"the program ended with code {self._process.wait(_GRACE_S)}") from error
        self.cold_start_s = self.cold_start_s or time.perf_counter() - self._began
        self.last_s, self._peak_bytes = took_ns / 1e9, peak_bytes or None
        return outputs

    def peak_memory_bytes(self) -> int | None:
        """The most memory that the program has had, as it said at last."""
        return self._peak_bytes


def _end(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        process.communicate(timeout=_GRACE_S)
    process.kill()
    process.wait()


def message(arrays: Sequence[Array]) -> bytes:
    """Arrays as a message."""
    parts = [_HEAD.pack(b"ARRS", len(arrays), 0, 0)]
    for array in arrays:
        held = np.ascontiguousarray(array).reshape(array.shape)  # NumPy gives an array without axes one
        number = _NUMBERS.get(held.dtype.newbyteorder("<"))
        if number is None or held.ndim > MOST_AXES:
            raise ValueError(f"an array of {held.dtype} with {held.ndim} axes cannot be sent")
        lengths = (*held.shape, *(0,) * (MOST_AXES - held.ndim))
        parts += [_ARRAY.pack(number, held.ndim, *lengths), held.astype(TYPES[number], copy=False).tobytes()]
    return b"".join(parts)


def read(stream: IO[bytes]) -> tuple[list[Array], int, int]:
    """The arrays of a message, and the two numbers of its head.

    Raises:
        RuntimeError: it says what failed.
        ValueError: it is no message, or larger than any.
        EOFError: it ends too early.
    """
    kind, count, took_ns, peak_bytes = _HEAD.unpack(_exactly(stream, _HEAD.size))
    if kind == b"FAIL" and count <= MOST_BYTES:
        raise RuntimeError(_exactly(stream, count).decode("utf-8", "replace"))
    if kind != b"ARRS" or count > MOST_ARRAYS:
        raise ValueError(f"the program said {kind!r} and {count} in place of a message")
    return [_array(stream) for _ in range(count)], took_ns, peak_bytes


def _array(stream: IO[bytes]) -> Array:
    number, axes, *lengths = _ARRAY.unpack(_exactly(stream, _ARRAY.size))
    if number not in TYPES or axes > MOST_AXES:
        raise ValueError(f"the program announced an array of type {number} with {axes} axes")
    dtype, shape = np.dtype(TYPES[number]), tuple(lengths[:axes])
    size = math.prod(shape) * dtype.itemsize
    if size > MOST_BYTES:
        raise ValueError(f"the program announced an array of {size} bytes")
    return np.frombuffer(_exactly(stream, size), dtype).reshape(shape)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    found = stream.read(size)
    if len(found) < size:
        raise EOFError
    return found
