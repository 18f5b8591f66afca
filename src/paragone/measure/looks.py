"""When the ratios may be looked at, and how much of the error each look may spend: declared before the first set ends.

Whoever looks again and again at an ordinary interval is certain to see a difference sooner or later. Here the number of
sets that the budget pays for is known after the first set, from how long starting and stepping take and from no ratio.
That fixes a few looks, and what each may spend of the error rate alpha: by the spending function alpha · (n / N)² (the
power family of Lan and DeMets, Biometrika 1983, and Kim and DeMets, 1987), the look after n of at most N sets spends
what the function has grown since the look before. Each look has Student's interval at its own share, so that by
Bonferroni's inequality all looks together are wrong with a chance of at most alpha: at whichever of them one stops, and
however they depend on each other.

Why not a rule without a last look: `benchmarks/sequential.py` compares it with the t-mixture of Lai (Annals of
Statistics 1976) and of Wang and Ramdas (arXiv:2310.03722), which may be looked at for ever. That freedom makes
the last interval two fifths wider and, with the ten sets that a minute or two pay for, costs much of the power;
docs/results/sequential.md has the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_LOOK = 4
"""Sets before the first look, where there are more: fewer see only differences that a plain eye sees."""

GROWTH = 1.5
"""From one look to the next. Closer looks stop half a set earlier and cost power at the last one."""

SPENDING_POWER = 2.0
"""Of the share of the sets that are done; a higher power saves more of the error rate for the last look."""


@dataclass(frozen=True)
class Looks:
    """The looks of one run.

    Args:
        at: numbers of finished sets at which ratios are looked at, ascending; the last is the most that is measured.
    """

    at: tuple[int, ...]

    @property
    def last(self) -> int:
        """The most sets that are measured."""
        return self.at[-1]

    def share(self, sets: int) -> float:
        """The share of the error rate that the look after so many sets may spend; all shares sum to 1.

        Where a run ended between two looks, for a reason that has nothing to do with its ratios, the earlier looks
        keep their shares and this last one has what its number of sets has earned.
        """
        earlier = max((at for at in self.at if at < sets), default=0)
        return self._spent(sets) - self._spent(earlier)

    def _spent(self, sets: int) -> float:
        return float((sets / self.last) ** SPENDING_POWER)


def looks(most: int) -> Looks:
    """The looks of a run of at most `most` sets, spaced evenly in proportion and counted back from the last."""
    at = [most]
    while at[0] / GROWTH >= FIRST_LOOK:
        at.insert(0, round(at[0] / GROWTH))
    return Looks(tuple(at))
