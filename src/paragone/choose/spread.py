"""Figures of deployed models over the processes that took them: how far another process may lie from these.

The spread is that of the artifact's own processes, and of no other side: what an option is worth must not change
because another one was looked at. Where a figure was taken in one process only, nothing tells the spread, and that of
our own eight processes of two models stands for it (docs/choice.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import stdev

from paragone.choose.criteria.base import RunEvidence
from paragone.records import Artifact, ArtifactProcess, Interval, Side

_Z95 = 1.959963984540054


@dataclass(frozen=True)
class Took:
    """A figure of processes.

    Args:
        of: the figure of one process, or None.
        alone: standard deviation of its logarithm between processes, where one process is all there is.
    """

    of: Callable[[ArtifactProcess], float | None]
    alone: float


START = Took(lambda one: one.cold_start_s, 0.27)
MEDIAN = Took(lambda one: one.latency_s.p50 if one.latency_s else None, 0.14)
TAIL = Took(lambda one: one.latency_s.p99 if one.latency_s else None, 0.19)


def best(evidence: RunEvidence, side: Side, took: Took) -> Interval | None:
    """The least of a side's figures in the targets that it came to, with its interval at 95 %.

    Args:
        evidence: of a run.
        side: of this run.
        took: which figure.
    """
    found = [one for artifact in evidence.arrived(side) if (one := _over(artifact, took)) is not None]
    return min(found, key=lambda one: one.mid, default=None)


def _over(artifact: Artifact, took: Took) -> Interval | None:
    logs = _logs(artifact, took)
    if not logs:
        return None
    mid, half, n = sum(logs) / len(logs), _half(logs, took), len(logs)
    return Interval(mid=math.exp(mid), low=math.exp(mid - half), high=math.exp(mid + half), n=n)


def _half(logs: Sequence[float], took: Took) -> float:
    """Half of Student's interval of a mean, or what is assumed of a single one."""
    if len(logs) == 1:
        return _Z95 * took.alone
    from scipy.stats import t

    return float(t.ppf(0.975, len(logs) - 1)) * stdev(logs) / math.sqrt(len(logs))


def _logs(artifact: Artifact, took: Took) -> list[float]:
    whole = ArtifactProcess(cold_start_s=artifact.cold_start_s, latency_s=artifact.latency_s)
    return [math.log(value) for one in artifact.processes or (whole,) if (value := took.of(one))]
