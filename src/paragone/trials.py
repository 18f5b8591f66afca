"""Finished work on disk, found again by what it was made from.

A trial is a piece of work whose result depends only on its key: the bytes of the side and of the data, the options,
the versions. It is written whole or not at all (written beside, flushed, renamed), so that a run which was cut off at
any moment goes on where it stopped, and a changed side is worked on anew while the others are found again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

Arrays = Mapping[str, "np.ndarray[Any, Any]"]


@dataclass(frozen=True)
class Trial:
    """A finished trial: plain data, and arrays by name."""

    result: dict[str, Any]
    arrays: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)


class Trials:
    """The finished trials of one run's folder.

    Args:
        folder: the run's folder; trials are kept in `folder/trials`.
    """

    def __init__(self, folder: Path):
        self._folder = folder / "trials"
        self._folder.mkdir(parents=True, exist_ok=True)
        for unfinished in self._folder.glob(".*"):  # of a process that was killed while it wrote
            unfinished.unlink(missing_ok=True)
        self.recalled = 0
        self.kept = 0

    def recall(self, kind: str, key: Mapping[str, Any]) -> Trial | None:
        """The finished trial of this kind and key, or None. A damaged file counts as not finished."""
        stem = self._stem(kind, key)
        try:
            saved = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
            if saved["key"] != _plain(key):
                return None
            arrays = _load_arrays(stem.with_suffix(".safetensors")) if saved["arrays"] else {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        self.recalled += 1
        return Trial(saved["result"], arrays)

    def keep(self, kind: str, key: Mapping[str, Any], result: Mapping[str, Any], arrays: Arrays | None = None) -> Trial:
        """Save a finished trial; the JSON file comes last and marks it as whole."""
        stem = self._stem(kind, key)
        if arrays:
            from safetensors.numpy import save

            contiguous = {name: _contiguous(array) for name, array in arrays.items()}
            write_whole(stem.with_suffix(".safetensors"), save(contiguous))
        text = json.dumps({"key": _plain(key), "arrays": bool(arrays), "result": _plain(result)}, sort_keys=True)
        write_whole(stem.with_suffix(".json"), text.encode())
        self.kept += 1
        return Trial(dict(result), dict(arrays or {}))

    def _stem(self, kind: str, key: Mapping[str, Any]) -> Path:
        return self._folder / f"{kind}-{digest(key)[:20]}"


def digest(value: Any) -> str:
    """SHA-256 of plain data, independent of the order of its keys."""
    return hashlib.sha256(json.dumps(_plain(value), sort_keys=True).encode()).hexdigest()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is either the old one or the whole new one, also after a power cut."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value))


def _load_arrays(path: Path) -> dict[str, np.ndarray[Any, Any]]:
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        return dict(load_file(path))
    except SafetensorError as error:
        raise ValueError(f"damaged: {error}") from error


def _contiguous(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    return np.asarray(array, order="C")
