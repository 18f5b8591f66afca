"""Which options can come to a target at all: those whose framework writes a format that it reads."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from paragone.choose.candidates import ON, TITLES
from paragone.choose.wording import nearest


def known_targets(named: Sequence[str]) -> tuple[str, ...]:
    """The names, if there are such targets."""
    known = _targets()
    for name in named:
        if name not in known:
            raise ValueError(f"targets, of which there is no `{name}`{nearest(name, known)}")
    return tuple(named)


@cache
def _targets() -> tuple[str, ...]:
    """The names of all targets, without reading what each says of itself."""
    folder = files("paragone.deploy.targets").iterdir()
    return tuple(
        sorted(one.name.removesuffix(".py") for one in folder if one.name.endswith(".py") and one.name[0] != "_")
    )


@cache
def _formats(framework: str) -> frozenset[str]:
    """The formats that a framework writes, by the files of its folder; none of them is imported."""
    folder = files("paragone.frameworks").joinpath(framework, "formats")
    return frozenset(one.name.removesuffix(".py") for one in folder.iterdir() if one.name.endswith(".py"))


@cache
def who_writes(target: str) -> frozenset[str]:
    """The known options whose framework writes what a target reads."""
    from paragone.deploy.target import targets

    read = set(targets()[target].formats)
    return frozenset(option for option in TITLES if read & _formats(ON[option][0]))
