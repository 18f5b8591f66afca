"""Writes what a long suite found under docs/results, with the machine and the date."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from paragone.machine import describe_machine

FOLDER = Path(__file__).parents[2] / "docs" / "results"
PACKAGES = ("tensorflow", "keras", "torch", "jax", "flax", "optax")


def write_results(name: str, title: str, about: str, head: Sequence[str], rows: Sequence[str]) -> None:
    """One page with one table."""
    machine = describe_machine({})
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    where = f"{date.today().isoformat()}, {machine.cpu}, {machine.cores} cores; {versions}."
    lines = [f"# {title}", "", *textwrap.wrap(about, 120), "", *textwrap.wrap(where, 120), ""]
    lines += [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *rows]
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / f"{name}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
