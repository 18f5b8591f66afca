"""Resident memory of this process, as the kernel counts it (proc(5), /proc/self/status)."""

from __future__ import annotations

from pathlib import Path


def peak_bytes() -> int:
    """The high-water mark of resident memory (VmHWM): it misses no peak, however short."""
    return _status("VmHWM")


def resident_bytes() -> int:
    """Resident memory now (VmRSS)."""
    return _status("VmRSS")


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        if name == field:
            return int(value.split()[0]) * 1024
    return 0
