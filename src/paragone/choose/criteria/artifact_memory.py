"""Memory of the deployed model: the high-water mark of the process that runs it, in the best of the profile's targets.

On a microcontroller there is no process, and it is the arena: all that the model needs beside its own file. Scale: 16
GiB to 1 KiB, logarithmic, as for the artifact itself. It was measured once, so less than 5 % does not count.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, exactly
from paragone.choose.scale import Scale
from paragone.records import Artifact, Interval, Side

ARENA = "arena_bytes"


def _bytes(artifact: Artifact) -> float | None:
    return artifact.facts.get(ARENA, artifact.peak_memory_bytes)


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    found = [size for one in evidence.arrived(side) if (size := _bytes(one))]
    return exactly(min(found)) if found else None


CRITERION = Kind(
    id="artifact-memory",
    label="Memory of the deployed model",
    scale=Scale(worst=2.0**34, best=2.0**10, unit="bytes", log=True),
    least=1.05,
    evidence="measured: the process that runs the artifact, or the arena, in the target that needs least",
    read=_read,
    absent="the memory of no artifact that came through was measured",
)
