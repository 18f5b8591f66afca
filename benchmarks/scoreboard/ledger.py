"""The trials, a row each, in a file to which every run adds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from paragone.trials import write_whole

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "results"
ROWS = RESULTS / "scoreboard.json"
Row = dict[str, Any]


def read(path: Path) -> list[Row]:
    """All rows so far."""
    found: list[Row] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    return found


def add(path: Path, rows: Iterable[Row]) -> list[Row]:
    """Write these behind the others; all of them."""
    found = [*read(path), *rows]
    write_whole(path, ("[\n" + ",\n".join(map(json.dumps, found)) + "\n]\n").encode())
    return found
