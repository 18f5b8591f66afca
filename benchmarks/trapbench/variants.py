"""The planted variants: every planter in every host that can carry it, each in one framework."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache

from benchmarks.trapbench.hosts import checked, written
from benchmarks.trapbench.traps import traps
from benchmarks.trapbench.traps.base import Trap

FRAMEWORKS = ("torch", "jax", "tensorflow")
LARGE = ("digits-resnet", "digits-mobilenet", "digits-vit", "text-gpt", "text-lstm", "shapes-unet", "digits-vae")
"""Hosts whose clean side is PyTorch's too, which is quick to build."""


@dataclass(frozen=True)
class Variant:
    """One planted trap.

    Args:
        name: unique.
        trap: the planter.
        host: name of the model.
        at: the layer that is meant, or empty.
        side: framework of the side that has the trap.
        against: framework of the clean side.
    """

    name: str
    trap: Trap
    host: str
    at: str
    side: str
    against: str

    def codes(self) -> tuple[str, str]:
        """The clean side and the one with the trap."""
        planted = edited(self.trap, self.host, self.at, self.side)
        assert planted is not None
        return written(self.host, self.against), planted

    @property
    def digest(self) -> str:
        """Of both files."""
        return hashlib.sha256("\0".join(self.codes()).encode()).hexdigest()[:16]

    def layers(self) -> tuple[str, ...]:
        """The layers of the task that may be told, of which '' is behind the last; none where none is in particular."""
        if not self.trap.place:
            return ()
        graph = checked(self.host).graph
        nodes = {node.name: node for node in graph.nodes}
        node = nodes[self.at]
        alike = [one.name for one in graph.nodes if one.kind.name == node.kind.name]
        inside = (self.at,) if node.weights else (self.at, f"{node.kind.name}_{alike.index(self.at) + 1}")
        return inside if self.trap.place == "inside" else (*inside, *(_following(self.host, self.at) or [""]))


def edited(trap: Trap, host: str, at: str, side: str) -> str | None:
    """A side with the trap; None where it cannot carry it. Of alternatives for the optimizer one is enough."""
    if side not in trap.edits:
        return None
    code: str | None = written(host, side)
    before = code
    for edit in trap.edits[side]:
        assert code is not None
        code = edit(code, at) or (code if not at else None)
        if code is None:
            return None
    return code if code != before else None


@cache
def variants() -> tuple[Variant, ...]:
    """All of them: first one host of every planter, then the second ones, and so on."""
    rows = [(turn, one) for count, trap in enumerate(traps()) for turn, one in enumerate(planted(trap, count))]
    return tuple(variant for _, variant in sorted(rows, key=lambda row: row[0]))


def planted(trap: Trap, count: int = 0) -> list[Variant]:
    """The variants of one planter; `count` decides which framework stands against PyTorch.

    Raises:
        ValueError: a host cannot carry it.
    """
    found = []
    for turn, place in enumerate(trap.hosts):
        host, _, at = place.partition(":")
        able = [name for name in FRAMEWORKS if edited(trap, host, at, name) is not None]
        if not able:
            raise ValueError(f"{place} cannot carry {trap.row}")
        large = host.partition("+")[0] in LARGE and "torch" in able
        side = "torch" if large else able[turn % len(able)]
        against = "torch" if large or side != "torch" else ("jax", "torch")[(count + turn) % 2]
        slug = trap.causes[0] if trap.causes else "other"
        found.append(Variant(f"{trap.row} {slug} {place} {side} {against}", trap, host, at, side, against))
    return found


def _following(host: str, at: str) -> tuple[str, ...]:
    """The next layers with weights behind a layer."""
    graph = checked(host).graph
    found: list[str] = []
    waiting = [at]
    while waiting:
        name = waiting.pop()
        for node in graph.nodes:
            if name in node.inputs and node.name not in found:
                if node.weights:
                    found.append(node.name)
                else:
                    waiting.append(node.name)
    return tuple(found)
