"""The edits and the mistakes, as their files have them: one a file, found by its name."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict

HERE = Path(__file__).parent


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Swap(_Table):
    """A piece of the side, and what stands in its place afterwards."""

    old: str
    new: str


class Change(_Table):
    """What is done to the side of one framework.

    Args:
        source: of an edit by hand: where the framework's documentation shows it.
        version: of the package that it was tried with.
        swaps: of an edit or a mistake; none where Paragone writes both sides.
        quantities: of a mistake: what a message must name, each a pattern, to name the quantities.
        why_not: of a mistake that cannot be made.
    """

    source: str = ""
    version: str = ""
    swaps: tuple[Swap, ...] = ()
    quantities: tuple[str, ...] = ()
    why_not: str = ""


class Planned(_Table):
    """An edit or a mistake.

    Args:
        title: in a few words.
        study: of a mistake: where it was counted.
        before: of an edit that Paragone writes: parts of the task, which replace those of the base.
        after: the same, with the change.
        labels: arrays of labels that the data has.
    """

    name: str
    title: str
    study: str = ""
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    labels: int = 1
    tensorflow: Change = Change()
    torch: Change = Change()
    jax: Change = Change()

    def of(self, framework: str) -> Change:
        """What is done in this framework."""
        found: Change = getattr(self, framework)
        return found


def planned(folder: str) -> list[Planned]:
    """Everything in `edits` or `mistakes`, in the order of the names."""
    files = sorted((HERE / folder).glob("*.toml"))
    return [
        Planned.model_validate({**tomllib.loads(one.read_text(encoding="utf-8")), "name": one.stem}) for one in files
    ]
