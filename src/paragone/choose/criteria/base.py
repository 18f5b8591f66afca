"""What a criterion is, and the evidence it reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from paragone.choose.scale import Scale
from paragone.records import ContenderTiming, Interval, Outcome, Proof, Side, Timings


@dataclass(frozen=True)
class Evidence:
    """The records of this run's earlier stages; None where a stage was not run."""

    proof: Proof | None
    timings: Timings | None

    def contender(self, side: Side) -> ContenderTiming | None:
        """How long this side took, if it was timed."""
        contenders = self.timings.contenders if self.timings else ()
        return next((found for found in contenders if (found.side, found.track) == (side.name, side.track)), None)

    def distrusts(self, kind: Kind) -> bool:
        """Whether the instrument failed its test against itself on what this criterion needs."""
        if self.timings is None:
            return False
        failed = {test.quantity for test in self.timings.self_test if test.verdict != "tie"}
        return kind.quantity in failed or (kind.is_time and not self.timings.trusted)

    def outcome(self, side: Side) -> Outcome | None:
        """What this side learned as written, over seeds."""
        outcomes = self.proof.outcomes if self.proof else ()
        return next((found for found in outcomes if (found.side, found.variant) == (side.name, "as written")), None)


@dataclass(frozen=True)
class Kind:
    """A criterion.

    Args:
        id: as profiles write it.
        label: as people read it.
        scale: its fixed scale.
        evidence: where its values come from.
        read: a side's value, or None where this run has no evidence for it.
        quantity: the `quantity` of the timing's ratios that compare sides on it, or nothing.
        is_time: left out where the timing does not trust itself.
        absent: why there may be no value.
    """

    id: str
    label: str
    scale: Scale
    evidence: str
    read: Callable[[Evidence, Side], Interval | None]
    absent: str
    quantity: str = ""
    is_time: bool = False
