"""What a criterion is, and the evidence it reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from paragone.choose.scale import Scale
from paragone.records import Artifact, ContenderTiming, Interval, Machine, Outcome, Proof, Side, Timings

THIS_RUN = "this run"
ARRIVED = frozenset({"same", "less precise", "quantised"})
"""Verdicts of what came through: as the side itself, as it is in a shorter format, or in the fewer bits asked for."""


@dataclass(frozen=True)
class RunEvidence:
    """The records of one run; None where a stage was not run.

    Args:
        proof: of the sides.
        timings: of the sides.
        artifacts: of the sides in targets.
        machine: of the run.
        id: of the run.
        made: the day of the run.
        title: the run in words.
        own: whether the user made it; what ships with us counts where there is nothing of the user's own.
        targets: those that the profile is about; all where there are none.
    """

    proof: Proof | None
    timings: Timings | None
    artifacts: tuple[Artifact, ...] = ()
    machine: Machine | None = None
    id: str = THIS_RUN
    made: str = ""
    title: str = ""
    own: bool = True
    targets: tuple[str, ...] = ()

    def contender(self, side: Side) -> ContenderTiming | None:
        """How long this side took, if it was timed."""
        contenders = self.timings.contenders if self.timings else ()
        return next((found for found in contenders if (found.side, found.track) == (side.name, side.track)), None)

    def distrusts(self, kind: Kind) -> bool:
        """Whether the instrument failed its test against itself on what this criterion needs."""
        if self.timings is None or not (kind.quantity or kind.is_time):
            return False
        failed = {test.quantity for test in self.timings.self_test if test.verdict != "tie"}
        return kind.quantity in failed or (kind.is_time and not self.timings.trusted)

    @property
    def teaches(self) -> bool:
        """Whether what sides learned says something of their frameworks: not in a run of ours whose sides differ.

        Who chooses between sides of their own chooses between them as they stand.
        """
        return self.own or self.proof is None or self.proof.verdict != "different"

    def outcome(self, side: Side) -> Outcome | None:
        """What this side learned as written, over seeds."""
        outcomes = self.proof.outcomes if self.proof and self.teaches else ()
        return next((found for found in outcomes if (found.side, found.variant) == (side.name, "as written")), None)

    def deployed(self, side: Side) -> tuple[Artifact, ...]:
        """What became of this side in the targets that the profile is about."""
        return tuple(
            one for one in self.artifacts if one.side == side.name and (not self.targets or one.target in self.targets)
        )

    def arrived(self, side: Side) -> Iterator[Artifact]:
        """What came through, of these."""
        return (one for one in self.deployed(side) if one.verdict in ARRIVED)


@dataclass(frozen=True)
class Kind:
    """A criterion.

    Args:
        id: as profiles write it.
        label: as people read it.
        scale: its fixed scale.
        least: the smallest difference that counts: a ratio on a logarithmic scale, and else a difference.
        evidence: where its values come from.
        read: a side's value, or None where this run has no evidence for it.
        quantity: the `quantity` of the timing's ratios that compare sides on it, or nothing.
        is_time: left out where the timing does not trust itself.
        absent: why there may be no value.
    """

    id: str
    label: str
    scale: Scale
    least: float
    evidence: str
    read: Callable[[RunEvidence, Side], Interval | None]
    absent: str
    quantity: str = ""
    is_time: bool = False

    def value(self, evidence: RunEvidence, side: Side) -> Interval | None:
        """A side's value, if there is one that can be trusted and placed on the scale."""
        if evidence.distrusts(self):
            return None
        found = self.read(evidence, side)
        return found if found is not None and self.scale.holds(found) else None


def exactly(value: float) -> Interval:
    """A value that was counted: it has no interval."""
    return Interval(mid=value, low=value, high=value)
