"""The raw values behind every number of the page: one sheet for each thing that was measured."""

from __future__ import annotations

from paragone.records import Run
from paragone.report.samples.artifacts import artifact_sheets
from paragone.report.samples.base import Group, Limits, Sheet, Table
from paragone.report.samples.choice import choice_sheets
from paragone.report.samples.claims import claim_sheets
from paragone.report.samples.facts import fact_sheets
from paragone.report.samples.growth import growth_sheets
from paragone.report.samples.load import load_sheets
from paragone.report.samples.proof import proof_sheets
from paragone.report.samples.timing import timing_sheets

__all__ = ["Group", "Sheet", "Table", "groups"]


def groups(run: Run) -> tuple[Group, ...]:
    """All sheets of a record, in the order of the page; a group without a sheet is left out."""
    limits = Limits.of(run)
    every = (
        Group("The run", fact_sheets(run)),
        Group("The proof", proof_sheets(run, limits)),
        Group("The timing", (*growth_sheets(run, limits), *timing_sheets(run, limits))),
        Group("What arrives", (*artifact_sheets(run), *load_sheets(run))),
        Group("The choice", choice_sheets(run)),
        Group("What people say", claim_sheets(run)),
    )
    return tuple(group for group in every if group.sheets)
