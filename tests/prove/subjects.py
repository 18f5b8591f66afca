"""Sides that were never built: what a worker would have said of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from paragone.prove.subject import Subject
from paragone.sides.scan import SideFile


def make_subject(
    name: str,
    traits: dict[tuple[str, str], Any] | None = None,
    *,
    fixed: frozenset[str] = frozenset(),
    weights: dict[str, list[int]] | None = None,
    **said: Any,
) -> Subject:
    """A side with these traits; those named in `fixed` cannot be changed."""
    file = SideFile(name, Path(f"{name}.py"), f"{name}.py", "", name, "", name, ())
    rows = [
        {"where": where, "name": trait, "value": value, "trap": trait, "settable": trait not in fixed}
        for (where, trait), value in (traits or {}).items()
    ]
    about = {"traits": rows, "weights": weights or {}, "n_parameters": 10, "step_s": 1e-4, **said}
    return Subject(file, about, about)
