"""The form of a trap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paragone.prove.scope import Climbed


@dataclass(frozen=True)
class Trap:
    """A known difference of meaning behind code that looks the same.

    Args:
        title: what it is.
        source: where it is documented.
        fixes: what to write instead, by framework.
        not_on: rungs on which it cannot show, whatever the model.
    """

    title: str
    source: str
    fixes: Mapping[str, str] = field(default_factory=dict)
    not_on: tuple[Climbed, ...] = ()
