"""The form of a trap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trap:
    """A known difference of meaning behind code that looks the same."""

    title: str
    source: str
    fixes: Mapping[str, str] = field(default_factory=dict)
    why: str = ""
