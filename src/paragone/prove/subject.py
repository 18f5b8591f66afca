"""A side as the proof sees it: the scanned file, and what its worker said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from paragone.records import Trait
from paragone.sides.scan import SideFile

RATE = "rate"
"""The trait of a dropout layer."""


@dataclass(frozen=True)
class Subject:
    """A side that was built.

    Args:
        file: the scanned file.
        said: the worker's description in the precision that decides.
        said32: the worker's description in float32.
        seen: traits that were seen while it trained.
        only32: why it cannot run in float64, or empty.
        alone: its parameters that no other side has.
        extras: the layers of those of them that start at zero, by how they are told.
    """

    file: SideFile
    said: Mapping[str, Any]
    said32: Mapping[str, Any] = field(default_factory=dict)
    seen: tuple[Trait, ...] = ()
    only32: str = ""
    alone: tuple[str, ...] = ()
    extras: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The side's name."""
        return self.file.name

    @property
    def framework(self) -> str:
        """Id of its framework."""
        return self.file.framework

    @property
    def signature(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """Names and shapes of its canonical weights: sides with one signature can start from the same weights."""
        return tuple(sorted((name, tuple(shape)) for name, shape in self.said["weights"].items()))

    @property
    def traits(self) -> tuple[Trait, ...]:
        """Its traits in float64."""
        return (*(Trait(**row) for row in self.said["traits"]), *self.seen)

    @property
    def idle(self) -> tuple[Trait, ...]:
        """Traits that mean nothing as the side is, and do once it is given the other's: the form of a weight decay."""
        return tuple(Trait(**row) for row in self.said.get("idle", ()))

    def stills(self) -> list[dict[str, Any]]:
        """The interventions that switch off what draws at random while training."""
        return [
            {"where": trait.where, "name": RATE, "value": 0.0}
            for trait in self.traits
            if trait.name == RATE and trait.value
        ]

    def known_in(self, dtype: str, traits: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Those interventions that mean something in a precision."""
        if dtype == "float64":
            return [dict(trait) for trait in traits]
        rows = (*self.said32["traits"], *self.said32.get("idle", ()))
        known = {(row["where"], row["name"]) for row in rows}
        known |= {(trait.where, trait.name) for trait in self.seen}
        return [dict(trait) for trait in traits if (trait["where"], trait["name"]) in known]
