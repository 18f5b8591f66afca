"""The results, a row a proof, saved after every proof: a run that was cut off goes on."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paragone.trials import write_whole

PATH = Path(__file__).parents[2] / "docs" / "results" / "trapbench.json"


class Ledger:
    """The rows by kind (`planted`, `two`, `clean`) and name."""

    def __init__(self, path: Path = PATH):
        self._path = path
        self.rows = self._read()

    def _read(self) -> dict[str, dict[str, Any]]:
        found = json.loads(self._path.read_text(encoding="utf-8")) if self._path.exists() else {}
        return {kind: found.get(kind, {}) for kind in ("planted", "two", "clean")}

    def has(self, kind: str, name: str, digest: str, program: str = "") -> bool:
        """Whether this was done with these very files, and by this program, if it is given."""
        row = self.rows[kind].get(name, {})
        return row.get("digest") == digest and program in ("", row.get("program"))

    def put(self, kind: str, name: str, row: dict[str, Any]) -> None:
        """Keep a row, beside those that another process has kept meanwhile."""
        with self._alone():
            self.rows[kind][name] = row
            self._write()

    def keep_only(self, kind: str, names: set[str]) -> None:
        """Forget rows that there are no more."""
        with self._alone():
            self.rows[kind] = {name: row for name, row in self.rows[kind].items() if name in names}
            self._write()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with self._path.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.rows = self._read()
            yield

    def _write(self) -> None:
        lines = []
        for one, rows in self.rows.items():
            body = ",\n".join(f"  {json.dumps(key)}: {json.dumps(rows[key])}" for key in sorted(rows))
            lines.append(f" {json.dumps(one)}: {{\n{body}\n }}" if rows else f" {json.dumps(one)}: {{}}")
        write_whole(self._path, ("{\n" + ",\n".join(lines) + "\n}\n").encode())
