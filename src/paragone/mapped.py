"""Arrays of a safetensors file as the kernel maps it: read when they are looked at, never all in memory."""

from __future__ import annotations

import json
import mmap
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

DTYPES = {
    **{"F64": "<f8", "F32": "<f4", "F16": "<f2", "BOOL": "?"},
    **{f"{kind}{8 * size}": f"<{kind.lower()}{size}" for kind in "IU" for size in (1, 2, 4, 8)},
}
"""What the format calls each dtype (https://github.com/huggingface/safetensors#format), and how NumPy does."""
LENGTH = 8
"""Bytes before the header, which say how long it is."""


def mapped(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a file, read-only; they hold what the file had when it was opened, also after it was replaced.

    Raises:
        ValueError: the file is damaged.
    """
    with path.open("rb") as stream:
        content = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    first = LENGTH + int.from_bytes(content[:LENGTH], "little")
    if first > len(content):
        raise ValueError("damaged: shorter than its header")
    header = json.loads(content[LENGTH:first])
    if not isinstance(header, dict):
        raise ValueError("damaged: no header")
    return {name: _array(content, first, **row) for name, row in header.items() if name != "__metadata__"}


def _array(
    content: mmap.mmap, first: int, *, dtype: str, shape: list[int], data_offsets: list[int]
) -> np.ndarray[Any, Any]:
    import numpy as np

    kind = np.dtype(DTYPES[dtype])
    count, (begin, end) = int(np.prod(shape)), data_offsets
    if end - begin != count * kind.itemsize or first + end > len(content):
        raise ValueError("damaged: an array is cut off")
    flat = np.frombuffer(content, kind, count, first + begin) if count else np.zeros(0, kind)
    return flat.reshape(shape)
