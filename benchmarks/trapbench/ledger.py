"""The results, a row a proof, saved after every proof: a run that was cut off goes on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from paragone.trials import write_whole

PATH = Path(__file__).parents[2] / "docs" / "results" / "trapbench.json"


class Ledger:
    """The rows by kind (`planted`, `two`, `clean`) and name."""

    def __init__(self, path: Path = PATH):
        self._path = path
        text = path.read_text(encoding="utf-8") if path.exists() else "{}"
        found = json.loads(text)
        self.rows: dict[str, dict[str, Any]] = {kind: found.get(kind, {}) for kind in ("planted", "two", "clean")}

    def has(self, kind: str, name: str, digest: str) -> bool:
        """Whether this was done with these very files."""
        return bool(self.rows[kind].get(name, {}).get("digest") == digest)

    def put(self, kind: str, name: str, row: dict[str, Any]) -> None:
        """Keep a row."""
        self.rows[kind][name] = row
        lines = []
        for one, rows in self.rows.items():
            body = ",\n".join(f"  {json.dumps(key)}: {json.dumps(rows[key])}" for key in sorted(rows))
            lines.append(f" {json.dumps(one)}: {{\n{body}\n }}" if rows else f" {json.dumps(one)}: {{}}")
        write_whole(self._path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())
