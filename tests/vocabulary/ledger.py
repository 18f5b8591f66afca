"""What the long suite found, word by word: docs/results/vocabulary.json, and the page that is made from it."""

from __future__ import annotations

import ast
import hashlib
import json
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

from paragone.sides.write.write import write_side

from .kinds import Kind
from .lab import FRAMEWORKS
from .results import FOLDER, PACKAGES

PATH = FOLDER / "vocabulary.json"
WRITTEN = 4
"""Random configurations that tell, beside a word's examples, whether it is still written as it was run."""


@dataclass(frozen=True)
class Row:
    """One word.

    Args:
        kind: what it is.
        word: its name.
        configurations: how many were run: its examples and random ones.
        distinct: False where a strategy has no more different random ones than these.
        faults: in words, the first few.
        faulty: how many configurations had any.
        apart: by kind of array, the largest distance between any two frameworks.
        seconds: that it took.
        date: when it was run.
        source: of what it is written as, hashed.
        versions: of the packages that it ran with.
        floored: how many are not the same up to the limits, but no further apart than rounding moves each framework.
    """

    kind: str
    word: str
    configurations: int
    distinct: bool
    faulty: int
    faults: tuple[str, ...]
    apart: dict[str, float]
    seconds: float
    date: str
    source: str
    versions: dict[str, str] = field(default_factory=dict)
    floored: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """By which it is found."""
        return self.kind, self.word

    @property
    def verdict(self) -> str:
        """In words."""
        if self.faulty:
            return f"{self.faulty} differ"
        return f"all agree, {self.floored} of them up to rounding" if self.floored else "all agree"


def read_rows(path: Path = PATH) -> dict[tuple[str, str], Row]:
    """The rows that there are."""
    if not path.exists():
        return {}
    rows = [Row(**{**row, "faults": tuple(row["faults"])}) for row in json.loads(path.read_text(encoding="utf-8"))]
    return {row.key: row for row in rows}


def keep(row: Row, path: Path = PATH) -> None:
    """Put a row in its place; the file is whole at any moment."""
    rows = {**read_rows(path), row.key: row}
    text = ",\n".join(json.dumps(asdict(rows[key])) for key in sorted(rows))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(".part")
    beside.write_text(f"[\n{text}\n]\n", encoding="utf-8")
    beside.replace(path)


def versions() -> dict[str, str]:
    """Of what is compared."""
    return {package: version(package) for package in PACKAGES}


def source_of(kind: Kind, word: str) -> str:
    """A hash of what a word computes as it is written: its examples and first random ones, in every framework."""
    digest = hashlib.sha256()
    for case in (*kind.examples(word), *kind.drawn(word, WRITTEN)):
        task = case.checked()
        for framework in FRAMEWORKS:
            side = write_side(task, framework, "matched")
            digest.update(computed(side.text).encode() + side.weights.model_dump_json().encode())
    return digest.hexdigest()[:16]


def computed(text: str) -> str:
    """What was run of a side: its statements down to `load_data`, without comments and docstrings."""
    tree = ast.parse(text)
    names = [getattr(statement, "name", "") for statement in tree.body]
    del tree.body[names.index("load_data") :]
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node, clean=False):
            node.body[0] = ast.Pass()
    return ast.unparse(tree)
