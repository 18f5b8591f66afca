"""Which options can come to a target at all: those whose framework writes a format that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from paragone.choose.candidates import ON, TITLES
from paragone.choose.wording import nearest
from paragone.deploy.target import targets


def known_targets(named: Sequence[str]) -> tuple[str, ...]:
    """The names, if there are such targets."""
    for name in named:
        if name not in targets():
            raise ValueError(f"targets, of which there is no `{name}`{nearest(name, targets())}")
    return tuple(named)


@cache
def _formats(framework: str) -> frozenset[str]:
    """The formats that a framework writes, by the files of its folder; none of them is imported."""
    folder = files("paragone.frameworks").joinpath(framework, "formats")
    return frozenset(one.name.removesuffix(".py") for one in folder.iterdir() if one.name.endswith(".py"))


@cache
def who_writes(target: str) -> frozenset[str]:
    """The known options whose framework writes what a target reads."""
    read = set(targets()[target].formats)
    return frozenset(option for option in TITLES if read & _formats(ON[option][0]))
