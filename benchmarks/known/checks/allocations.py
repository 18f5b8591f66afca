"""Known allocations: a side that holds so many MiB must have a peak that is so much higher."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks.known.check import Check, Finding, side_with, started

SIZES_MIB = (64, 256, 1024)
SHARE, LEAST_MIB = 0.02, 4.0
"""A size is found within 2 % or 4 MiB, whichever is more."""
REPEATS = 3
STEPS = 50
HELD = """
import mmap

_ballast = mmap.mmap(-1, {mib} << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | mmap.MAP_POPULATE)
"""


def run(side: str, folder: Path) -> Iterator[Finding]:
    """The peaks of fresh processes, with and without, in turns."""
    for mib in SIZES_MIB:
        with_it, without = side_with(side, HELD.format(mib=mib), folder, "held"), side_with(side, "", folder, "plain")
        peaks: dict[str, list[float]] = {"held": [], "plain": []}
        for _ in range(REPEATS):
            for one in (without, with_it):
                with started(one, folder) as (worker, _said):
                    worker.call("time_steps", n=STEPS)
                    peaks[one.side].append(worker.call("time_end")["peak_bytes"] / 2**20)
        yield finding(f"{mib} MiB, held", mib, peaks["plain"], peaks["held"])


def finding(what: str, mib: float, plain: list[float], more: list[float], **figures: object) -> Finding:
    """How far the difference of the medians is from the size that is known, all in MiB."""
    found = statistics.median(more) - statistics.median(plain)
    off = abs(found - mib) / max(SHARE * mib, LEAST_MIB)
    return Finding(what, f"{mib} MiB", f"{found:.1f} MiB", off, {"plain_mib": plain, "more_mib": more, **figures})


CHECK = Check(
    name="allocations",
    about="A side that holds 64, 256 or 1024 MiB, beside itself without them: the difference of both peaks, three "
    "fresh processes each, is that size within 2 % or 4 MiB.",
    place=1,
    sides=("torch", "jax", "keras"),
    run=run,
)
