"""Whether two records were made where their figures can be compared; records from unlike machines are refused.

What a machine was doing meanwhile does not count here: that is what interleaving and intervals are for.
"""

from __future__ import annotations

from collections.abc import Iterator

from paragone.errors import InputError
from paragone.records import Machine, Run

_FACTS = {
    "cpu": "processor",
    "cores": "cores",
    "governor": "frequency governor",
    "accelerators": "accelerators",
    "system": "system",
    "python": "Python",
}


def check_alike(first: Run, second: Run, where: str) -> None:
    """Refuse two records whose machines, or whose versions, are not alike.

    Args:
        first: one record.
        second: the other.
        where: how the two are called in the message.

    Raises:
        InputError: names everything in which they differ.
    """
    found = list(unlike(first.machine, second.machine)) + list(_unlike_sides(first, second))
    if not found:
        return
    raise InputError(
        "These two runs were not made on machines that are alike.",
        where=where,
        expected="the same processor, cores, governor, system, and versions of everything",
        received="; ".join(found),
        next_step="measure both on one machine; two versions in one run: "
        "paragone measure a.py a.py --python FRAMEWORK-2=PATH",
    )


def unlike(first: Machine, second: Machine) -> Iterator[str]:
    """In what two machines differ, as a timing sees them: `cores: 2 and 4`."""
    for name, word in _FACTS.items():
        yield from _differing(word, getattr(first, name), getattr(second, name))
    yield from _unlike_versions(first.packages, second.packages)


def _unlike_versions(first: dict[str, str], second: dict[str, str]) -> Iterator[str]:
    """Of packages that both have; a side that is in one run only brings its own."""
    for package in first.keys() & second.keys():
        yield from _differing(package, first[package], second[package])


def _unlike_sides(first: Run, second: Run) -> Iterator[str]:
    """Interpreters and versions of sides of one name, which may have a Python of their own."""
    others = {side.name: side for side in second.sides}
    for side in first.sides:
        if side.name in others and (side.python or others[side.name].python):
            other = others[side.name]
            yield from _differing(f"{side.name}'s Python", side.python, other.python)
            for text in _unlike_versions(side.packages, other.packages):
                yield f"{side.name}'s {text}"


def _differing(word: str, first: object, second: object) -> Iterator[str]:
    if first != second:
        yield f"{word}: {_said(first)} and {_said(second)}"


def _said(value: object) -> str:
    return (", ".join(map(str, value)) if isinstance(value, tuple) else str(value)) or "none told"
