"""The stage before the proof: build every side once, and learn what it is or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from paragone.errors import InputError, NoModelError, ParagoneError, SideError, WorkerFailure
from paragone.frameworks.registry import frameworks
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile
from paragone.trials import Trial

_DTYPES = ("float64", "float32")


@dataclass(frozen=True)
class Inspected:
    """What came of building the sides.

    Args:
        subjects: those that can be used.
        failed: why the others failed while they were built, by side.
    """

    subjects: tuple[Subject, ...]
    failed: Mapping[str, WorkerFailure]


def packages_of(side: SideFile) -> dict[str, str]:
    """Versions of the packages of a side's framework.

    Raises:
        InputError: one is not installed; says the command that installs it.
    """
    descriptor = frameworks()[side.framework]
    found = {}
    for name in descriptor.distributions:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            raise InputError(
                f"{descriptor.title} is not installed: {name} is missing.",
                where=side.shown,
                expected="the packages " + ", ".join(descriptor.distributions),
                received=f"no {name}",
                next_step=descriptor.install,
            ) from None
    return found


def inspect_sides(sides: Sequence[SideFile], lab: Laboratory, seed: int) -> Inspected:
    """Build every side in both precisions.

    A file that imports a framework but has no model of it is no side, as long as another framework in the same file
    has one.

    Raises:
        SideError: a side's file cannot be used.
        InputError: fewer than two sides are left.
    """
    wanted = {
        (side.name, dtype): Experiment(side.name, dtype, "describe", {"seed": seed}, note=f"{side.name}: building")
        for side in sides
        for dtype in _DTYPES
    }
    said = lab.all(wanted)
    subjects, failed, without = [], {}, []
    for side in sides:
        results = [said[side.name, dtype] for dtype in _DTYPES]
        error = next((result for result in results if isinstance(result, ParagoneError)), None)
        if isinstance(error, NoModelError) and _has_neighbours(side, sides):
            without.append(error)
        elif isinstance(error, InputError):
            raise error
        elif isinstance(error, WorkerFailure):
            failed[side.name] = error
        elif error is not None:
            raise error
        else:
            subjects.append(_subject(side, results, lab))
    if not subjects and without:
        raise without[0]
    _check_enough(subjects, failed)
    return Inspected(tuple(subjects), failed)


def _has_neighbours(side: SideFile, sides: Sequence[SideFile]) -> bool:
    return sum(other.path == side.path for other in sides) > 1


def _subject(side: SideFile, results: Sequence[Trial | ParagoneError], lab: Laboratory) -> Subject:
    first, second = (result.result for result in results if isinstance(result, Trial))
    lab.inform(side.name, json.dumps(first["view"]), max(float(first["step_s"]), float(second["step_s"])))
    return Subject(side, first, second)


def _check_enough(subjects: Sequence[Subject], failed: Mapping[str, WorkerFailure]) -> None:
    if len(subjects) >= 2 or (subjects and failed):
        return
    if failed:
        raise SideError(
            "No side could be built.",
            where=", ".join(failed),
            received="; ".join(f"{error.reason} (log: {error.log})" for error in failed.values()),
            next_step="run each file alone with python to see its error",
        )
    raise InputError(
        "There is only one side, and nothing to compare it with.",
        where=subjects[0].file.shown if subjects else "SIDE",
        expected="two sides or more",
        received=f"one side: {subjects[0].name}" if subjects else "none",
        next_step="name a second file",
    )
