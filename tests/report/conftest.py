"""Records that every test of the report may use."""

from __future__ import annotations

import pytest

from paragone.records import Run
from paragone.report.page import render_page

from . import sample


@pytest.fixture(scope="session")
def full_run() -> Run:
    return sample.full_run()


@pytest.fixture(scope="session")
def full_page(full_run: Run) -> str:
    return render_page(full_run)
