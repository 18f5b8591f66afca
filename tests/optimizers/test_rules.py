"""A rule with a framework's own options computes what that framework's own optimizer computes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LIMIT = 1e-12
"""Relative, of all weights after the last step; the sides are float64."""


@pytest.mark.parametrize("framework", ["tensorflow", "torch", "jax"])
def test_a_rule_is_the_optimizer_that_it_replaces(framework: str) -> None:
    """In one process for each framework: every optimizer of `rule_cases`, its own update and its rule."""
    done = subprocess.run(
        [sys.executable, str(HERE / "rule_cases.py"), framework],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert len(found) >= 10
    assert {name: gap for name, gap in found.items() if not gap <= LIMIT} == {}
