"""A whole record with the claim ledger, for the tests of the report."""

from __future__ import annotations

from datetime import date

from paragone.choose.claims import judged
from paragone.choose.evidence import THIS_RUN, Evidence, OwnRun
from paragone.choose.facts import facts
from paragone.records import Run

from .sample import bare_run, full_run

TODAY = date(2026, 12, 1)


def claimed() -> Run:
    """Three sides, everything measured, every claim judged on that day; one of them is stale."""
    run = full_run()
    made = Evidence(
        runs=(OwnRun(THIS_RUN, run),),
        facts=facts(),
        today=TODAY,
        installed=lambda package: "99.1" if package == "tensorboard" else None,
    )
    return run.model_copy(update={"claims": judged(made)})


def ledger_alone() -> Run:
    """The same ledger in a record that has little else, so that its page is small."""
    return bare_run().model_copy(update={"claims": claimed().claims})
