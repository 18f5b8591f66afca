"""Ends what workers leave behind: their children, also those that went into a session of their own.

The kernel ends a worker with its parent (see `paragone.workers.child`), but not the processes that a side started.
So every worker carries a mark in its environment, which its children inherit, and beside the orchestrator stands one
process that does nothing but wait for the orchestrator's end, however it comes, and then end what is left.

Run as `python -m paragone.workers.keeper MARK`, with a pipe on standard input that closes when the orchestrator ends.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

MARK = "PARAGONE_WORKER"
_SWEEPS = 20


def main() -> None:
    """Wait for the end of the orchestrator; until then take a line `+GROUP` or `-GROUP` for each worker."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: set[int] = set()
    for line in sys.stdin:
        change = groups.add if line.startswith("+") else groups.discard
        change(int(line[1:]))
    for group in (*_children(groups), *groups):
        kill_group(group)
    sweep(sys.argv[1])


def kill_group(group: int) -> None:
    """Kill every process of a group, and its first one also before it has made the group; none is no error."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(group, signal.SIGKILL)


def sweep(mark: str) -> None:
    """Kill every process whose mark begins so; again and again, since one may have started another meanwhile."""
    for _ in range(_SWEEPS):
        found = [pid for pid in _own_processes() if _is_marked(pid, mark)]
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)


def _children(parents: set[int]) -> list[int]:
    """Those of a fork server are workers, each with a group of its own."""
    return [pid for pid in _own_processes() if _parent(pid) in parents]


def _parent(pid: int) -> int:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as stream:  # noqa: PTH123 (no pathlib here)
            return int(stream.read().rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # it has ended meanwhile
        return 0


def _own_processes() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]  # noqa: PTH208


def _is_marked(pid: int, mark: str) -> bool:
    """Whether a process inherited the mark; a finished one that waits for its parent has no environment any more."""
    try:
        with open(f"/proc/{pid}/environ", "rb") as stream:  # noqa: PTH123 (this process starts with next to nothing)
            return any(entry.startswith(f"{MARK}={mark}".encode()) for entry in stream.read().split(b"\0"))
    except OSError:
        return False


if __name__ == "__main__":
    main()
