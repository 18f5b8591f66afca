"""Whether sides can be of one task at all, before anything is compared."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from paragone.errors import InputError
from paragone.prove.subject import Subject


def check_outputs(subjects: Sequence[Subject]) -> None:
    """Refuse sides none of whose outputs correspond.

    An output corresponds to another where both have as many numbers a sample, in whatever order of axes.

    Raises:
        InputError: two sides have no output in common.
    """
    for a, b in combinations(subjects, 2):
        left, right = _sizes(a), _sizes(b)
        if left and right and not set(left) & set(right):
            raise InputError(
                f"{a.name} and {b.name} are of different tasks: their outputs have different shapes.",
                where=f"{a.file.shown}, {b.file.shown}",
                expected="outputs of one shape, up to the order of their axes",
                received=f"{_shown(a)} in {a.name}, {_shown(b)} in {b.name} (without the axis of samples)",
                next_step="give the last layers the same size, or name the sides that belong together",
            )


def _sizes(subject: Subject) -> list[tuple[int, ...]]:
    """The axes of each output in order of their length; axes of one do not count."""
    return [tuple(sorted(axis for axis in shape if axis != 1)) for shape in subject.said.get("output_shapes", ())]


def _shown(subject: Subject) -> str:
    return " and ".join(str(tuple(shape)) for shape in subject.said["output_shapes"])
