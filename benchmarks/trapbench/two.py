"""Two traps in one side: a planter's edits after another's, in hosts that carry both."""

from __future__ import annotations

from functools import cache

from benchmarks.trapbench.variants import Variant, edited, variants

LIMIT = 40


@cache
def two_at_once() -> tuple[tuple[str, Variant, Variant, str], ...]:
    """Names, both traps, and the text of the side that has both; no host is taken more than a few times."""
    rows: list[tuple[str, Variant, Variant, str]] = []
    hosts: dict[str, int] = {}
    named = [one for one in variants() if len(one.trap.causes) == 1]
    for first in named:
        for second in named:
            if len(rows) == LIMIT or not _fit(first, second) or hosts.get(first.host, 0) >= 2:
                continue
            code = _both(first, second)
            if code is not None:
                hosts[first.host] = hosts.get(first.host, 0) + 1
                rows.append((f"{first.name} and {second.trap.row} {second.trap.causes[0]}", first, second, code))
    return tuple(rows)


def _fit(first: Variant, second: Variant) -> bool:
    same = first.host.partition("+")[0] == second.host.partition("+")[0] and first.side == "torch"
    hidden = (first.trap.row, second.trap.row) == ("B3", "G18")  # the first takes the second's code out of use
    return same and not hidden and first.trap.row[0] < second.trap.row[0] and first.trap.causes != second.trap.causes


def _both(first: Variant, second: Variant) -> str | None:
    """The second's edits on the side that has the first; the host is the first's."""
    code: str | None = edited(first.trap, first.host, first.at, first.side)
    for edit in second.trap.edits.get(first.side, ()):
        before = code
        code = edit(code, second.at) if code is not None else None
        if code == before:
            return None
    return code if second.trap.edits.get(first.side) else None
