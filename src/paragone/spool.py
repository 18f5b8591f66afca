"""Arrays written to a safetensors file one by one, so that no more than one of them need be in memory.

The format's header comes before the arrays and says where each lies
(https://github.com/huggingface/safetensors#format, safetensors 0.7), so they are kept beside the file until the last
one is known; small ones in memory.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from paragone.mapped import DTYPES, LENGTH

_IN_MEMORY_BYTES = 16 * 2**20
_ALIGNED = 8
"""The header is filled up with spaces to a multiple of so many bytes, which keeps the arrays aligned."""
_NAMES = {np.dtype(ours): theirs for theirs, ours in DTYPES.items()}


def spool(arrays: Iterable[tuple[str, np.ndarray[Any, Any]]], path: Path) -> None:
    """Write named arrays in the order in which they come.

    Args:
        arrays: each is looked at once, before the next one is asked for, and not kept.
        path: of the file.

    Raises:
        ValueError: a name comes twice, or the format has no word for a dtype.
    """
    header: dict[str, dict[str, Any]] = {}
    with tempfile.SpooledTemporaryFile(_IN_MEMORY_BYTES, dir=str(path.parent)) as beside:
        for name, array in arrays:
            if name in header:
                raise ValueError(f"two arrays are called {name}")
            header[name] = _written(array, cast("IO[bytes]", beside))
        beside.seek(0)
        with path.open("wb") as stream:
            stream.write(_header(header))
            shutil.copyfileobj(beside, stream)


def _written(array: np.ndarray[Any, Any], stream: IO[bytes]) -> dict[str, Any]:
    if array.dtype not in _NAMES:
        raise ValueError(f"a safetensors file holds no {array.dtype}")
    begin = stream.tell()
    if array.size:
        stream.write(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return {"dtype": _NAMES[array.dtype], "shape": list(array.shape), "data_offsets": [begin, stream.tell()]}


def _header(rows: dict[str, dict[str, Any]]) -> bytes:
    text = json.dumps(rows).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return len(text).to_bytes(LENGTH, "little") + text
