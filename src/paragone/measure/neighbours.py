"""What else the machine did while contenders were timed: processor time that was neither theirs nor ours (proc(5))."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterable
from pathlib import Path

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_BUSY_COLUMNS = (0, 1, 2, 5, 6, 7)  # user, nice, system, irq, softirq, steal; not idle and iowait


class Watch:
    """Reads the kernel's counters when it is made and when it is asked, and does nothing in between.

    Args:
        pids: the contenders' processes.
    """

    def __init__(self, pids: Iterable[int]):
        self._pids = tuple(pids)
        self._began = time.perf_counter()
        self._busy_s, self._theirs_s, self._own_s = busy_s(), self._used_s(), time.process_time()

    def elapsed_s(self) -> float:
        """Seconds since the watch began."""
        return time.perf_counter() - self._began

    def own_cores(self) -> float:
        """Cores that this process kept busy on average."""
        return (time.process_time() - self._own_s) / self.elapsed_s()

    def other_cores(self) -> float:
        """Cores that everybody else kept busy on average, the machine's other guests included."""
        others_s = busy_s() - self._busy_s - (self._used_s() - self._theirs_s)
        return max(0.0, others_s / self.elapsed_s() - self.own_cores())

    def _used_s(self) -> float:
        return sum(used_s(pid) for pid in self._pids)


def busy_s() -> float:
    """Processor seconds that the whole machine has spent on work since it was started; 0 where that is not told."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        columns = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
        return sum(int(columns[i]) for i in _BUSY_COLUMNS) / _TICKS_A_SECOND
    return 0.0


def used_s(pid: int) -> float:
    """Processor seconds that one process has used; 0 where it is gone."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        return (int(after_name[11]) + int(after_name[12])) / _TICKS_A_SECOND
    return 0.0
