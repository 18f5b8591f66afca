"""The catalogue of traps as data."""

from __future__ import annotations

import tomllib
from collections import Counter

from paragone.catalogue import FOLDER, catalogue


def test_every_row_has_an_id_of_its_own() -> None:
    files = sorted(FOLDER.glob("*.toml"))
    ids = Counter(row["id"] for path in files for row in tomllib.loads(path.read_text(encoding="utf-8"))["trap"])
    assert [name for name, count in ids.items() if count > 1] == []
    assert set(ids) == set(catalogue())


def test_a_row_stands_in_the_file_of_its_letter() -> None:
    for path in FOLDER.glob("*.toml"):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["trap"]
        assert all(row["id"].lower().startswith(path.name[0]) for row in rows), path.name
