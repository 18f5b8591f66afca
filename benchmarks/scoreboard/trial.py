"""One trial of one tool: its verdicts as rows, with what the machine did meanwhile."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime

from benchmarks.instrument import DISTURBED_CORES
from benchmarks.scoreboard.ledger import Row
from benchmarks.scoreboard.tool import Tool, Trial

from paragone.measure.neighbours import busy_s

IDLE, BUSY = "idle", "busy"
"""What was asked for, and what it is called where strangers were at work all the same."""


def rows(tool: Tool, trial: Trial, regime: str) -> list[Row]:
    """Run it; a row for each rule.

    Raises:
        RuntimeError: the tool failed.
    """
    load, began, busy, ours = os.getloadavg()[0], time.monotonic(), busy_s(), ours_s()
    verdicts = tool.run(trial)
    took_s = time.monotonic() - began
    others = max(0.0, (busy_s() - busy - (ours_s() - ours)) / took_s)
    shared = {
        "tool": tool.name,
        "version": tool.version(),
        "side": trial.side,
        "planted": trial.planted,
        "regime": BUSY if regime == IDLE and others > DISTURBED_CORES else regime,
        "budget_s": trial.budget_s,
        "took_s": round(took_s, 1),
        "slowed_first": trial.slowed_first,
        "other_cores": round(others, 2),
        "load_before": round(load, 2),
        "made": datetime.now(UTC).date().isoformat(),
    }
    return [shared | {"rule": one.rule, "said": one.said, "ratio": round(one.ratio, 5)} for one in verdicts]


def ours_s() -> float:
    """Processor seconds of this process and of all its children that have ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system
