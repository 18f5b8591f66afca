"""Reasons that do not hang on a spelling: how weights start, and what an optimizer takes by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paragone.spelling.code import literal
from paragone.spelling.entry import CanonicalWeight
from paragone.spelling.spelled import Note

STARTED = {
    "kernel_initializer": ("A1", "kernels"),
    "bias_initializer": ("A2", "biases"),
    "recurrent_initializer": ("A8", "recurrent kernels"),
    "embeddings_initializer": ("A6", "tables"),
}
"""By the option that says how a weight starts: the row, and what it is."""
GENERAL = {"learning_rate": "E9", "epsilon": "E2", "weight_decay": "E5"}
"""Rows about defaults of several optimizers, by option."""


def start_note(weight: CanonicalWeight, framework: str) -> Note:
    """Why a start is said."""
    row, what = STARTED.get(weight.option, ("A1", f"{weight.role.partition('_')[0]}s"))
    return Note(row, f"{framework} would start {what} in its own way")


def default_notes(kind: Any, departures: Mapping[str, Any], owner: str) -> tuple[Note, ...]:
    """Why options of an optimizer are said that the task does not name: one reason for each row.

    Args:
        kind: the optimizer.
        departures: by option, the framework's own default.
        owner: of the defaults, by name.
    """
    rows = {trait.name: trait.row for trait in kind.traits if trait.row}
    said: dict[str, list[str]] = {}
    for option, default in departures.items():
        row = rows.get(option) or GENERAL.get(option) or kind.entry.rows[-1]
        said.setdefault(row, []).append(f"{option} is {literal(default)}")
    return tuple(Note(row, f"{' and '.join(words)} by default in {owner}") for row, words in said.items())
