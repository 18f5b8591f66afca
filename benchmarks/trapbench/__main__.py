"""`python -m benchmarks.trapbench [planted|two|clean] [again|stale] [WORD …]`: goes on where the ledger ends.

With words, only rows whose names have one of them. `again` runs also those that have a row already, `stale` those whose
row is of another program, so that it can be cut off and goes on.
"""

from __future__ import annotations

import sys
import time

from benchmarks.quick_xla import compile_quickly
from benchmarks.trapbench.hosts import BUILD
from benchmarks.trapbench.ledger import Ledger
from benchmarks.trapbench.page import write_page
from benchmarks.trapbench.run import Job, jobs, run

from paragone.job import code_digest

KINDS = ("planted", "two", "clean")


def main(words: list[str]) -> None:
    """Print a line a proof, and write the ledger and the page."""
    kinds = [word for word in words if word in KINDS] or list(KINDS)
    again, stale = "again" in words, "stale" in words
    words = [word for word in words if word not in (*KINDS, "again", "stale")]
    ledger = Ledger()
    compile_quickly(BUILD / "jax")
    for kind in kinds:
        planned = jobs(kind)
        ledger.keep_only(kind, {job.name for job in planned})
        for job in planned:
            done = ledger.has(kind, job.name, job.digest, code_digest()[:12] if stale else "")
            if _named(job, words) and (again or not done):
                began = time.monotonic()
                row = run(job, BUILD)
                ledger.put(kind, job.name, row)
                print(f"{job.name}: {_line(row)}; {time.monotonic() - began:.0f} s", flush=True)
    write_page(ledger.rows)


def _named(job: Job, words: list[str]) -> bool:
    return not words or any(word in job.name for word in words)


def _line(row: dict[str, object]) -> str:
    said = row["told"]
    assert isinstance(said, dict)
    wrong = [key for key in ("different", "layer", "cause", "all", "same") if row.get(key) is False]
    return f"{'wrong: ' + ', '.join(wrong) if wrong else 'right'} {said} {row['failure']}"


if __name__ == "__main__":
    main(sys.argv[1:])
