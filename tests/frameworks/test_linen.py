"""Models of Linen compute the same whether or not their modules are followed, however people nest them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).parent / "linen_child.py"
FORMS = ["Scanned", "Rematerialised", "Mapped", "Listed", "Tied", "Recurrent", "Derived", "Named"]


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    done = subprocess.run([sys.executable, str(CHILD)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return found


@pytest.mark.parametrize("form", FORMS)
def test_followed_modules_compute_the_same(form: str, outcomes: dict[str, str]) -> None:
    assert outcomes[form] == ""


def test_a_number_that_is_changed_is_the_one_that_is_computed_with(outcomes: dict[str, str]) -> None:
    assert outcomes["numbers"] == ""


def test_statistics_are_found_in_a_file_and_in_what_a_function_gives_back(outcomes: dict[str, str]) -> None:
    assert outcomes["statistics"] == ""


def test_a_parameter_and_a_statistic_may_have_one_name(outcomes: dict[str, str]) -> None:
    assert outcomes["names_that_collide"] == ""


def test_a_batch_has_the_form_in_which_it_is_looked_up(outcomes: dict[str, str]) -> None:
    assert outcomes["batches"] == ""
