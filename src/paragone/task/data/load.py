"""Load data from a source that is named by a text, and bring it to the one form that every side is given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from paragone.records import Array as ArrayRecord
from paragone.records import Data
from paragone.task.data.find import find_source, no_source
from paragone.task.data.form import TEST, check_form
from paragone.task.data.source import Array, RawData
from paragone.task.data.split import split
from paragone.task.data.targets import Targets, typed_arrays
from paragone.trials import write_whole

IMAGE_NDIM = 4


@dataclass(frozen=True)
class LoadedData:
    """The data that every side is given.

    Args:
        arrays: `x` and `y` (several: `x0`, …), `x_test` and `y_test`, samples first, C order.
        record: what the run's record says about it.
        views: forms of one sample that a side may ask for: `image` (as it is, NHWC), `flat` (one axis), `given`.
    """

    arrays: dict[str, Array]
    record: Data
    views: tuple[str, ...]

    def save(self, path: Path) -> None:
        """Write a safetensors file with the arrays; its metadata hold `kind`, and `views` and `n_classes` as JSON."""
        from safetensors.numpy import save

        about = {
            "kind": self.record.kind,
            "views": json.dumps(self.views),
            "n_classes": json.dumps(self.record.n_classes),
        }
        write_whole(path, save(self.arrays, metadata=about))


def load_data(source: str | Path | None, *, seed: int) -> LoadedData:
    """Read, check and split the data that `source` names.

    Args:
        source: a built-in name (`digits`), an `.npz`, `.csv` or `.parquet` file, or `module:function`.
        seed: of the shuffle, where the data has no test set of its own.

    Raises:
        InputError: there is no such source, or what it gives cannot be used.
    """
    if source is None or not str(source):
        raise no_source("No data was given.", received="no --data")
    text = str(source)
    raw = find_source(text).read(text)
    where = shown(text)
    checked, unused = check_form(raw.arrays, where)
    targets, typed = typed_arrays(checked, where)
    parts, how = split(typed, seed, where)
    arrays = {name: np.ascontiguousarray(array) for name, array in parts.items()}
    notice = "; ".join(filter(None, [raw.notice, f"not used: {', '.join(unused)}" if unused else ""]))
    return LoadedData(arrays, _record(where, arrays, targets, how, notice), _views(raw, arrays))


def shown(text: str) -> str:
    """The source as it may be shared: a path that leads out of the working folder is cut to the file's name."""
    path = Path(text)
    return path.name if path.is_absolute() or ".." in path.parts or text.startswith("~") else text


def _views(raw: RawData, arrays: Mapping[str, Array]) -> tuple[str, ...]:
    if raw.views:
        return raw.views
    first = arrays["x"] if "x" in arrays else arrays["x0"]
    return ("image",) if first.ndim == IMAGE_NDIM else ("given",)


def _record(source: str, arrays: Mapping[str, Array], targets: Mapping[str, Targets], how: str, notice: str) -> Data:
    first = next(iter(targets.values()))
    train = next(name for name in arrays if not name.endswith(TEST))
    return Data(
        source=source,
        sha256=_sha256(arrays),
        arrays=tuple(ArrayRecord(name=n, shape=a.shape, dtype=str(a.dtype)) for n, a in arrays.items()),
        n_train=len(arrays[train]),
        n_test=len(arrays[train + TEST]),
        kind=first.kind,
        n_classes=first.n_classes,
        split=how,
        notice=notice,
    )


def _sha256(arrays: Mapping[str, Array]) -> str:
    sha = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        sha.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        sha.update(array.data)
    return sha.hexdigest()
