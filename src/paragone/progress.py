"""What a long stage says while it works. The command line draws it; a library user may ignore it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Where a stage reports to."""

    def stage(self, name: str, total: float) -> None:
        """A stage begins; `total` is its amount of work in any unit."""

    def advance(self, amount: float = 1.0, note: str = "") -> None:
        """Some of the work is done; `note` is what comes now."""

    def say(self, text: str) -> None:
        """One line that a person should see (a failed contender, a resumed trial)."""

    def still(self, quiet: bool) -> None:
        """While quiet nothing may redraw by itself: a contender is being timed."""


class Silent:
    """A `Progress` that says nothing."""

    def stage(self, name: str, total: float) -> None:
        """Ignored."""

    def advance(self, amount: float = 1.0, note: str = "") -> None:
        """Ignored."""

    def say(self, text: str) -> None:
        """Ignored."""

    def still(self, quiet: bool) -> None:
        """Ignored."""
