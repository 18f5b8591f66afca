"""`python -m benchmarks.known [CHECK …] [--side torch]`: ask again, keep every answer, write docs/results/known.md.

Without a word all checks are asked, of every side that they can be asked of. `--page` only writes the page again.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.known.check import Check
from benchmarks.known.checks import checks
from benchmarks.known.page import page
from benchmarks.scoreboard.ledger import RESULTS, Row, add, read
from benchmarks.scoreboard.trial import ours_s

from paragone.measure.neighbours import busy_s
from paragone.trials import write_whole

ROWS = RESULTS / "known.json"


def main() -> None:
    """Ask, keep, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="CHECK", help=", ".join(checks()))
    parser.add_argument("--side", action="append", help="only this side (may be repeated)")
    parser.add_argument("--rows", type=Path, default=ROWS)
    parser.add_argument("--page", action="store_true", help="only write the page again")
    chosen = parser.parse_args()
    if unknown := set(chosen.names) - set(checks()):
        parser.error(f"no check {', '.join(unknown)}; there are: {', '.join(checks())}")
    for name in () if chosen.page else chosen.names or checks():
        for side in checks()[name].sides:
            if side in (chosen.side or (side,)):
                for row in asked(checks()[name], side):
                    add(chosen.rows, [row])
                    print(row, flush=True)
    write_whole(chosen.rows.with_suffix(".md"), page(read(chosen.rows), checks()).encode())


def asked(check: Check, side: str) -> Iterator[Row]:
    """The answers of one check for one side, as rows."""
    with tempfile.TemporaryDirectory() as scratch:
        load, began, busy, ours = os.getloadavg()[0], time.monotonic(), busy_s(), ours_s()
        for one in check.run(side, Path(scratch)):
            others = max(0.0, (busy_s() - busy - (ours_s() - ours)) / (time.monotonic() - began))
            yield {
                "check": check.name,
                "side": side,
                "what": one.what,
                "known": one.known,
                "found": one.found,
                "off": round(one.off, 4),
                "told": one.told,
                "figures": one.figures,
                "other_cores": round(others, 2),
                "load_before": round(load, 2),
                "made": datetime.now(UTC).date().isoformat(),
            }


if __name__ == "__main__":
    main()
