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

from paragone.mapped import mapped

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class Trial:
    """A finished trial: plain data, and arrays by name."""

    result: dict[str, Any]
    arrays: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)


class Trials:
    """The finished trials of one run's folder.

    Args:
        folder: the run's folder; trials are kept in `folder/trials`.
        read_only: nothing in the folder is changed; for looking at a run that is over.
    """

    def __init__(self, folder: Path, *, read_only: bool = False):
        self._folder = folder / "trials"
        if not read_only:
            self._folder.mkdir(parents=True, exist_ok=True)
            for unfinished in self._folder.glob(".*"):  # of a process that was killed while it wrote
                unfinished.unlink(missing_ok=True)
        self.recalled = 0
        self.kept = 0
        self._used: set[str] = set()

    def recall(self, kind: str, key: Mapping[str, Any]) -> Trial | None:
        """The finished trial of this kind and key, or None. A damaged file counts as not finished."""
        stem = self._stem(kind, key)
        try:
            saved = json.loads(stem.with_suffix(".json").read_text(encoding="utf-8"))
            if saved["key"] != _plain(key):
                return None
            arrays = mapped(stem.with_suffix(".safetensors")) if saved["arrays"] else {}
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None
        self.recalled += 1
        self._note(stem, arrays=bool(saved["arrays"]))
        return Trial(saved["result"], arrays)

    def keep(self, kind: str, key: Mapping[str, Any], result: Mapping[str, Any], written: Path | None = None) -> Trial:
        """Save a finished trial; the JSON file comes last and marks it as whole.

        What is given back is what will be recalled: the names in a result stay in their order, which is that of the
        layers, and tuples are lists.

        Args:
            kind: of the trial.
            key: what it was made from.
            result: plain data.
            written: a safetensors file of its arrays, on the same disk; it is moved, not copied.
        """
        stem = self._stem(kind, key)
        arrays = {} if written is None else _taken_over(written, stem.with_suffix(".safetensors"))
        plain = _plain(result)
        text = json.dumps({"key": _plain(key), "arrays": bool(arrays), "result": plain})
        write_whole(stem.with_suffix(".json"), text.encode())
        self.kept += 1
        self._note(stem, arrays=bool(arrays))
        return Trial(plain, arrays)

    def used(self) -> list[str]:
        """The files of all trials that were kept or found again, by their paths in the run's folder."""
        return sorted(self._used)

    def _note(self, stem: Path, *, arrays: bool) -> None:
        for suffix in (".json", ".safetensors") if arrays else (".json",):
            self._used.add(f"{self._folder.name}/{stem.name}{suffix}")

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


def _taken_over(written: Path, path: Path) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of a file that is moved to its place; no file is left where there are none."""
    arrays = mapped(written)
    if arrays:
        with written.open("rb") as stream:
            os.fsync(stream.fileno())
        os.replace(written, path)
    return arrays
