"""Weights that the user gave: read, and fitted to the sides, under canonical names or under one side's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from paragone.errors import InputError, ParagoneError, shareable
from paragone.prove.group import Group
from paragone.prove.laboratory import Experiment, Laboratory, Weights
from paragone.prove.scope import DType
from paragone.prove.subject import Subject
from paragone.trials import Trial

MAX_BYTES = 4 * 2**30
_SHOWN = 5
Shapes = Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class GivenWeights:
    """The arrays of a safetensors file.

    Args:
        shown: how the file is called in messages and in the record.
        sha256: of its bytes.
        arrays: its arrays of floats, by name.
    """

    shown: str
    sha256: str
    arrays: Weights


@dataclass(frozen=True)
class _Naming:
    """Names that weights may go by: canonical ones (`side` is empty), or those of one side."""

    side: str
    shapes: Shapes

    @property
    def words(self) -> str:
        return f"the names of {self.side}" if self.side else "canonical names"


def read_weights(path: Path) -> GivenWeights:
    """Read a file of weights.

    Raises:
        InputError: no such file, too large, no safetensors, an array that is not of floats or not finite.
    """
    shown = shareable(str(path)) if path.is_absolute() else path.as_posix()
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unusable(shown, "too large", f"at most {MAX_BYTES // 2**30} GiB", f"{path.stat().st_size} bytes")
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(shown, "not readable", "a file", error.strerror or str(error)) from None
    return GivenWeights(shown, hashlib.sha256(content).hexdigest(), _floats(content, shown))


def _floats(content: bytes, shown: str) -> Weights:
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        arrays = load(content)
    except (SafetensorError, ValueError) as error:
        raise _unusable(shown, "no safetensors", "arrays as safetensors", str(error)[:200], _HOW) from None
    except (KeyError, TypeError) as error:  # a type that NumPy does not have
        expected = "float64, float32 or float16"
        raise _unusable(shown, "of a type that is not read", expected, str(error)[:200]) from None
    found = {name: array for name, array in arrays.items() if array.dtype.kind == "f"}
    for name, array in found.items():
        if not np.isfinite(array).all():
            raise _unusable(f"{shown}: {name}", "not finite", "finite numbers", "NaN or infinity")
    if not found:
        raise _unusable(shown, "without weights", "arrays of floats", f"{len(arrays)} arrays, none of floats", _HOW)
    return found


_HOW = "in PyTorch: safetensors.torch.save_file(model.state_dict(), 'weights.safetensors')"


def _unusable(where: str, what: str, expected: str, received: str, next_step: str = "") -> InputError:
    return InputError(
        f"The weights cannot be used: {what}.", where=where, expected=expected, received=received, next_step=next_step
    )


def start_from(given: GivenWeights, groups: Sequence[Group]) -> None:
    """Let every group that the weights fit start from them.

    Raises:
        InputError: they do not fit the largest group; a side of another structure keeps its own start.
    """
    largest = max(groups, key=lambda group: len(group.subjects))
    for group in groups:
        try:
            group.start = fitted(given, group.subjects, group.lab, group.deciding, group.plan.seed)
        except InputError:
            if group is largest:
                raise


def fitted(given: GivenWeights, subjects: Sequence[Subject], lab: Laboratory, dtype: DType, seed: int) -> Weights:
    """The weights under canonical names, for sides that share one signature.

    Raises:
        InputError: the file fits no side; says what is missing, what is too much, and the nearest names.
    """
    shapes = {name: array.shape for name, array in given.arrays.items()}
    canonical = _Naming("", dict(subjects[0].signature))
    own = [_Naming(side.name, {n: tuple(s) for n, s in side.said["native"].items()}) for side in subjects]
    closest = max([canonical, *own], key=lambda naming: len(naming.shapes.keys() & shapes.keys()))
    _check(given.shown, shapes, closest)
    if not closest.side:
        return {name: given.arrays[name].astype(np.float64) for name in closest.shapes}
    native = {name: given.arrays[name].astype(np.float64) for name in closest.shapes}
    note = f"{closest.side}: taking the weights over"
    experiment = Experiment(closest.side, dtype, "adopt", {"seed": seed}, native, "given", out=True, note=note)
    done = lab.all({"": experiment})[""]
    if isinstance(done, ParagoneError):
        raise done
    assert isinstance(done, Trial)
    return dict(done.arrays)


def _check(shown: str, shapes: Shapes, naming: _Naming) -> None:
    """Every weight is there, nothing more, in its shape."""
    missing, extra = sorted(naming.shapes.keys() - shapes.keys()), sorted(shapes.keys() - naming.shapes.keys())
    wrong = [
        f"{name} is {shapes[name]} instead of {naming.shapes[name]}"
        for name in sorted(naming.shapes.keys() & shapes.keys())
        if shapes[name] != naming.shapes[name]
    ]
    if not (missing or extra or wrong):
        return
    faults = [f"no {name}{_nearest(name, extra)}" for name in missing] + wrong
    faults += [f"{name} is no weight of the sides" for name in extra]
    raise InputError(
        "The weights do not fit.",
        where=shown,
        expected=f"{naming.words}: {_some(f'{name} {naming.shapes[name]}' for name in naming.shapes)}",
        received=_some(faults, "; "),
        next_step="give canonical names, as the record of a proof has them, or all names of one side's own model",
    )


def _nearest(name: str, names: Sequence[str]) -> str:
    found = get_close_matches(name, names, n=1, cutoff=0.5)
    return f" (the nearest is {found[0]})" if found else ""


def _some(items: Iterable[Any], between: str = ", ") -> str:
    listed = list(map(str, items))
    more = f"{between}and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return between.join(listed[:_SHOWN]) + more
