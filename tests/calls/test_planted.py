"""One difference between two models of a framework: it is suspected by its name, and taken out it is gone."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FRAMEWORKS = ("torch", "jax", "tensorflow")


@cache
def seen(framework: str) -> dict[str, Any]:
    """What a process of the framework says of all its pairs."""
    words = [sys.executable, "-m", "tests.calls.child", framework]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=400, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def planted_traps(framework: str) -> dict[str, str]:
    """The trap of each pair, read without importing the framework."""
    text = (ROOT / f"tests/calls/planted_{framework}.py").read_text(encoding="utf-8")
    import ast

    table = next(node for node in ast.parse(text).body if isinstance(node, ast.Assign) and _name(node) == "PLANTED")
    assert isinstance(table.value, ast.Dict)
    found = {}
    for key, value in zip(table.value.keys, table.value.values, strict=True):
        words = [node.value for node in ast.walk(value) if isinstance(node, ast.Constant)]
        assert isinstance(key, ast.Constant)
        found[str(key.value)] = str([word for word in words if isinstance(word, str) and word in _slugs()][-1:])
    return {name: trap.strip("[]'") for name, trap in found.items()}


def _name(node: Any) -> str:
    return getattr(node.targets[0], "id", "")


@cache
def _slugs() -> frozenset[str]:
    from paragone.prove.traps import TRAPS

    return frozenset(TRAPS)


PAIRS = [(framework, name, trap) for framework in FRAMEWORKS for name, trap in planted_traps(framework).items()]


@pytest.mark.parametrize(("framework", "name", "trap"), PAIRS, ids=lambda value: str(value).replace(" ", "-"))
def test_a_difference_is_suspected_and_taken_out(framework: str, name: str, trap: str) -> None:
    pair = seen(framework)[name]
    assert pair["suspected_of_itself"] == []
    if trap:
        assert trap in pair["traps"]
        assert pair["before"] > (1e-9 if trap == "float32-inside" else 1e-6), "the pair hosts no difference"
    assert pair["after"] <= 1e-10, pair
