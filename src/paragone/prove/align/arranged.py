"""Sides whose workers said where they keep what, all in one precision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np

from paragone.errors import NoModelError, ParagoneError
from paragone.prove.align.rig import Arm
from paragone.prove.align.slots import Slot, slot_of
from paragone.prove.at_once import at_once
from paragone.prove.laboratory import Laboratory
from paragone.prove.subject import Subject
from paragone.records import DType


@dataclass
class Arranged:
    """A side whose worker said where it keeps what.

    Args:
        subject: the side.
        slots: its parameters that outputs depend on.
        outputs: shapes of its outputs.
        notes: what is to be said of the others.
        dtype: precision of the worker that is asked.
        given: precision of its outputs there.
        changes: of its traits, with which its worker has it now.
    """

    subject: Subject
    slots: list[Slot]
    outputs: tuple[tuple[int, ...], ...]
    notes: list[str] = field(default_factory=list)
    dtype: DType = "float64"
    given: str = "float64"
    changes: Sequence[Mapping[str, Any]] = ()


def arrange(subjects: Sequence[Subject], lab: Laboratory, seed: int) -> list[Arranged]:
    """Ask all sides' workers where they keep what: in float64, or in float32 where one of them has no float64."""
    if not any(subject.only32 for subject in subjects):
        sides = _in_float64(subjects, lab, seed)
        if sides:
            return sides
    return [arranged(subject, lab, seed, "float32") for subject in subjects]


def _in_float64(subjects: Sequence[Subject], lab: Laboratory, seed: int) -> list[Arranged]:
    """Nothing where a side fails in float64 or gives float32 there; it may have been described in float32 alone."""
    try:
        sides = at_once([partial(arranged, subject, lab, seed) for subject in subjects])
    except NoModelError:
        raise
    except ParagoneError:
        return []
    return sides if all(side.given == "float64" for side in sides) else []


def arranged(subject: Subject, lab: Laboratory, seed: int, dtype: DType = "float64") -> Arranged:
    """Ask a side's worker where it keeps what."""
    said = _asked(subject, lab, seed, dtype)
    slots, notes = [], []
    beside = _beside(subject)
    for order, row in enumerate(said["parameters"]):
        if row["shared"]:
            notes.append(f"{subject.name} uses {row['path']} under more names: {', '.join(row['shared'])}")
        if row["constant"]:
            continue
        if not row["used"]:
            notes.append(f"{subject.name} never uses {row['path']}: no output depends on it")
            continue
        slot = slot_of(row, order, kernels_first=subject.framework == "torch")
        slots.append(replace(slot, beside=beside.get(slot.layer, 0)))
    outputs = tuple(tuple(shape) for shape in said["outputs"])
    return Arranged(subject, slots, outputs, notes, dtype, str(said["output_dtype"]))


def _beside(subject: Subject) -> dict[str, int]:
    """How many layers take what a layer takes, by the names of layers of which that is known."""
    takes = {str(row["name"]): str(row.get("takes", "")) for row in subject.said.get("layers", ())}
    count = Counter(takes.values())
    return {name: count[value] for name, value in takes.items() if value}


def set_up(sides: Sequence[Arranged], lab: Laboratory, seed: int, changes: Mapping[str, Sequence[Any]]) -> None:
    """Have the workers build these sides with these changes of their traits, by side; those that are so are left."""

    def one(side: Arranged, wanted: Sequence[Mapping[str, Any]]) -> None:
        side.changes = [{"unknown": True}]  # should it break
        _asked(side.subject, lab, seed, side.dtype, wanted)
        side.changes = wanted

    wanted = [(side, list(changes.get(side.subject.name, ()))) for side in sides]
    at_once([partial(one, side, rows) for side, rows in wanted if list(side.changes) != rows])


def _asked(
    subject: Subject, lab: Laboratory, seed: int, dtype: DType, changes: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    traits = subject.known_in(dtype, [*subject.stills(), *changes])
    return lab.direct(subject.name, "parameters", dtype=dtype, seed=seed, traits=traits)


def arm_of(side: Arranged, lab: Laboratory, zeros: Sequence[str]) -> Arm:
    """A side in its worker, of whose parameters these are to be zeros."""
    ask = partial(lab.direct, side.subject.name, dtype=side.dtype)
    arrays = {slot.path: np.zeros(slot.shape) for slot in side.slots}
    return Arm(ask, str(side.subject.said["output"]), side.outputs, arrays, set(zeros))
