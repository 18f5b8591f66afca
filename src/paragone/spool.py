"""Arrays written to a safetensors file one by one, so that no more than one of them need be in memory.

The format's header comes before the arrays and says where each lies, and may end in spaces
(https://github.com/huggingface/safetensors#format, safetensors 0.7). So arrays stay in memory while they are small
together; beyond that they are written to their place behind room for a header, which comes last.
"""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from paragone.mapped import DTYPES, LENGTH

_IN_MEMORY_BYTES = 16 * 2**20
_ROOM = 2**20
"""For length and header of a file whose arrays are written first: some ten thousand arrays."""
_ALIGNED = 8
"""The header is filled up with spaces to a multiple of so many bytes, which keeps the arrays aligned."""
_NAMES = {np.dtype(ours): theirs for theirs, ours in DTYPES.items()}
_Array = np.ndarray[tuple[int, ...], np.dtype[np.generic]]


def spool(arrays: Iterable[tuple[str, _Array]], path: Path) -> None:
    """Write named arrays in the order in which they come.

    Args:
        arrays: each is looked at once, before the next one is asked for, and not kept.
        path: of the file.

    Raises:
        ValueError: a name comes twice, or the format has no word for a dtype.
    """
    rows: dict[str, dict[str, object]] = {}
    memory = io.BytesIO()
    with path.open("wb+") as file:
        stream: BinaryIO = memory
        for name, array in arrays:
            if name in rows:
                raise ValueError(f"two arrays are called {name}")
            rows[name] = _written(array, stream, stream.tell() - (_ROOM if stream is file else 0))
            if stream is memory and memory.tell() > _IN_MEMORY_BYTES:
                file.seek(_ROOM)
                file.write(memory.getbuffer())
                memory, stream = io.BytesIO(), file
        header = _header(rows, _ROOM if stream is file else 0)
        if stream is file and len(header) > _ROOM:
            _move(file, len(header), path)
        file.seek(0)
        file.write(header)
        file.write(memory.getbuffer())


def _written(array: _Array, stream: BinaryIO, begin: int) -> dict[str, object]:
    if array.dtype not in _NAMES:
        raise ValueError(f"a safetensors file holds no {array.dtype}")
    if array.size:
        stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [begin, begin + array.nbytes]}


def _header(rows: dict[str, dict[str, object]], room: int) -> bytes:
    """Length and header, at least as long as the room, which is a multiple of what the arrays are aligned to."""
    text = json.dumps(rows).encode()
    text += b" " * max(room - LENGTH - len(text), -len(text) % _ALIGNED)
    return len(text).to_bytes(LENGTH, "little") + text


def _move(file: BinaryIO, first: int, path: Path) -> None:
    """Move the arrays back, where the room before them is too small for their header."""
    beside = path.with_name(f"{path.name}.part")
    try:
        with beside.open("wb+") as copy:
            file.seek(_ROOM)
            shutil.copyfileobj(file, copy)
            copy.seek(0)
            file.seek(first)
            shutil.copyfileobj(copy, file)
    finally:
        beside.unlink(missing_ok=True)
