"""One file per optimizer: its traits of meaning and where each framework keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from paragone.optimizers.base import OptimizerKind
from paragone.words import Words


@cache
def optimizer_kinds() -> Words[OptimizerKind]:
    """All optimizers, found by the files in this folder."""
    return Words({__name__: __path__}, "OPTIMIZER", ("base", "entry", "rule"))


@cache
def first_step_of(trait: str) -> int:
    """The first step that a trait of an optimizer can change."""
    found = [one.from_step for kind in optimizer_kinds().values() for one in kind.traits if one.name == trait]
    return min(found, default=1)


def kind_of(classes: Iterable[str], framework: str) -> OptimizerKind | None:
    """The optimizer that goes by one of these class names in a framework; the most derived name wins."""
    for name in classes:
        for kind in optimizer_kinds().values():
            if name in kind.classes.get(framework, ()):
                return kind
    return None
