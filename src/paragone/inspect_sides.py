"""The stage before the proof: build every side once, and learn what it is or why it cannot be used."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

from paragone.errors import InputError, NoModelError, ParagoneError, SideError, WorkerFailure
from paragone.prove.align.mapping import GivenPair
from paragone.prove.align.stage import align
from paragone.prove.laboratory import Experiment, Laboratory
from paragone.prove.scope import DTYPES, DType
from paragone.prove.subject import Subject
from paragone.records import Alignment
from paragone.sides.interpreter import Interpreter
from paragone.sides.scan import SideFile
from paragone.trials import Trial


@dataclass(frozen=True)
class Inspected:
    """What came of building the sides.

    Args:
        subjects: those that can be used.
        failed: why the others failed while they were built, by side.
        dtypes: the precisions in which all of them can run.
        alignments: how the parameters of sides that are not alike correspond.
        mapping: a mapping file for the user to complete, where that could not be found out.
    """

    subjects: tuple[Subject, ...]
    failed: Mapping[str, WorkerFailure]
    dtypes: tuple[DType, ...] = DTYPES
    alignments: tuple[Alignment, ...] = ()
    mapping: str = ""


def packages_of(side: SideFile, python: Interpreter | None = None) -> dict[str, str]:
    """Versions of the packages of a side's framework, in the interpreter that the side runs in.

    Raises:
        InputError: one is not installed; says the command that installs it.
    """
    descriptor = side.descriptor
    if python is not None:
        return {name: python.installed[name.lower()] for name in descriptor.distributions}
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


def inspect_sides(
    sides: Sequence[SideFile],
    lab: Laboratory,
    seed: int,
    dtypes: Sequence[DType] = DTYPES,
    given: Mapping[tuple[str, str], GivenPair] | None = None,
    *,
    timed: bool = True,
) -> Inspected:
    """Build every side in every precision that was asked for, and align their parameters.

    `given` is what a mapping file says of them. How long a step takes is measured if `timed`: it decides how many are
    taken.

    A file that imports a framework but has no model of it is no side, as long as another framework in the same file
    has one. Where a side cannot run in float64 but can in float32, all are described in float32, which then decides.

    Raises:
        SideError: a side's file cannot be used.
        InputError: fewer than two sides are left.
    """
    subjects, failed, used = _built(sides, lab, seed, dtypes, timed=timed)
    _check_enough(subjects, failed)
    aligned = align(subjects, lab, seed, given, used)
    return Inspected(aligned.subjects, failed, used, aligned.alignments, aligned.mapping)


def built_sides(sides: Sequence[SideFile], lab: Laboratory, seed: int) -> Inspected:
    """Build every side in float32 alone, which is what is timed; nothing is aligned, and one side is enough.

    Raises:
        SideError: a side's file cannot be used, or no side could be built.
        InputError: something else that was given cannot be used.
    """
    subjects, failed, used = _built(sides, lab, seed, ("float32",), timed=True)
    if not subjects:
        raise _none_built(failed)
    return Inspected(tuple(subjects), failed, used)


def _built(
    sides: Sequence[SideFile], lab: Laboratory, seed: int, dtypes: Sequence[DType], *, timed: bool
) -> tuple[list[Subject], dict[str, WorkerFailure], tuple[DType, ...]]:
    """The sides that can be used, why the others cannot, and in which precisions all of them can run."""
    said = lab.all(
        {(side.name, dtype): _describing(side, dtype, seed, timed=timed) for side in sides for dtype in dtypes}
    )
    only32 = {}
    if "float64" in dtypes:
        suspects = [side for side in sides if _lacks_float64(said[side.name, "float64"])]
        others = sides if suspects else []
        said |= lab.all({(side.name, "float32"): _describing(side, "float32", seed, timed=timed) for side in others})
        only32 = {
            s.name: _reason(said[s.name, "float64"]) for s in suspects if isinstance(said[s.name, "float32"], Trial)
        }
    if only32:
        dtypes = ("float32",)
    subjects, failed, without = [], {}, []
    for side in sides:
        results = [said[side.name, dtype] for dtype in dtypes]
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
            subjects.append(_subject(side, results, dtypes, lab, only32.get(side.name, "")))
    if not subjects and without:
        raise without[0]
    return subjects, failed, tuple(dtypes)


def _describing(side: SideFile, dtype: str, seed: int, *, timed: bool) -> Experiment:
    return Experiment(side.name, dtype, "describe", {"seed": seed, "timed": timed}, note=f"{side.name}: building")


def _lacks_float64(said: Trial | ParagoneError) -> bool:
    """Whether a side failed in float64, or gave another precision there."""
    if isinstance(said, ParagoneError):
        return not isinstance(said, NoModelError)
    return bool(said.result["output_dtype"] != "float64")


def _reason(said: Trial | ParagoneError) -> str:
    """Why a side cannot run in float64, in one line."""
    if isinstance(said, Trial):
        return f"it gives {said.result['output_dtype']} there"
    if isinstance(said, WorkerFailure):
        return said.reason
    framework_said = said.next_step.partition("the framework said: ")[2] if isinstance(said, InputError) else ""
    return framework_said or str(said).splitlines()[0]


def _has_neighbours(side: SideFile, sides: Sequence[SideFile]) -> bool:
    return sum(other.path == side.path for other in sides) > 1


def _subject(
    side: SideFile, results: Sequence[Trial | ParagoneError], dtypes: Sequence[DType], lab: Laboratory, only32: str
) -> Subject:
    said = {dtype: one.result for dtype, one in zip(dtypes, results, strict=True) if isinstance(one, Trial)}
    first = said[dtypes[0]]
    lab.inform(side.name, json.dumps(first["view"]), max(float(one["step_s"]) for one in said.values()))
    return Subject(side, first, said.get("float32", {}), only32=only32)


def _check_enough(subjects: Sequence[Subject], failed: Mapping[str, WorkerFailure]) -> None:
    if len(subjects) >= 2 or (subjects and failed):
        return
    if failed:
        raise _none_built(failed)
    raise InputError(
        "There is only one side, and nothing to compare it with.",
        where=subjects[0].file.shown if subjects else "SIDE",
        expected="two sides or more",
        received=f"one side: {subjects[0].name}" if subjects else "none",
        next_step="name a second file",
    )


def _none_built(failed: Mapping[str, WorkerFailure]) -> SideError:
    return SideError(
        "No side could be built.",
        where=", ".join(failed),
        received="; ".join(f"{error.reason} (log: {error.log})" for error in failed.values()),
        next_step="run each file alone with python to see its error",
    )
