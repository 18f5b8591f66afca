"""Artifact size: bytes of what is shipped, in the smallest of the profile's targets that the side came to.

Scale: 16 GiB to 1 KiB, logarithmic. 16 GiB do not fit into the memory of most devices that people ship to; 1 KiB is
less than the header of a file with one small layer. The bytes are exact; less than 2 % is paid by nobody.
"""

from __future__ import annotations

from paragone.choose.criteria.base import Kind, RunEvidence, exactly
from paragone.choose.scale import Scale
from paragone.records import Interval, Side


def _read(evidence: RunEvidence, side: Side) -> Interval | None:
    found = [one.size_bytes for one in evidence.arrived(side) if one.size_bytes]
    return exactly(min(found)) if found else None


CRITERION = Kind(
    id="artifact-size",
    label="Size of the artifact",
    scale=Scale(worst=2.0**34, best=2.0**10, unit="bytes", log=True),
    least=1.02,
    evidence="counted: the bytes of the smallest artifact that came through",
    read=_read,
    absent="no artifact came through",
)
