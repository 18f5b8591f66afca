"""Peak memory: the kernel's high-water mark of the process's resident memory, framework included.

Scale: 64 GiB to 64 MiB, logarithmic. 64 GiB is more than an ordinary workstation has; 64 MiB is about what Python with
NumPy needs before any framework is imported.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, exactly
from paragone.choose.scale import Scale, interval_over
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    contender = evidence.contender(side)
    if contender is None:
        return None
    if not contender.sets and contender.memory_bytes:  # a record without raw samples: its ratios hold the intervals
        return exactly(contender.memory_bytes.peak)
    return interval_over([float(one.memory_bytes.peak) for one in contender.sets], log=True)


CRITERION = Kind(
    id="peak-memory",
    label="Peak memory",
    scale=Scale(worst=2.0**36, best=2.0**26, unit="bytes", log=True),
    least=1.02,
    evidence="measured: the kernel's high-water mark of each fresh process",
    read=_read,
    absent="it needs at least two measured processes of every side",
    quantity="peak memory",
)
