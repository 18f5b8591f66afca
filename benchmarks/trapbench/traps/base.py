"""The form of a planter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from benchmarks.trapbench.edits import Edit


@dataclass(frozen=True)
class Trap:
    """A row of the catalogue, and how one side of a host comes to have it.

    Args:
        row: its id.
        causes: the slugs that the proof must name; several where one line brings several. None: there is no such slug.
        hosts: names of hosts, with the layer that is meant behind a colon (`digits-cnn:strokes`).
        edits: of the side, by framework.
        rung: the first rung that fails.
        place: where it is found: inside of the layer, after it, or nowhere in particular.
    """

    row: str
    causes: tuple[str, ...]
    hosts: Sequence[str]
    edits: Mapping[str, Sequence[Edit]]
    rung: str = "forward"
    place: Literal["inside", "after", ""] = "inside"
    about: str = ""
    more: Mapping[str, Sequence[Edit]] = field(default_factory=dict)
    """Edits of the other side as well, by framework."""
