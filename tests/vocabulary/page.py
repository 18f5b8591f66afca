"""docs/results/vocabulary.md, from the rows of the long suite."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable

from .kinds import kinds
from .ledger import Row, read_rows
from .results import FOLDER

PATH = FOLDER / "vocabulary.md"
TITLES = {
    "activation": "Activations",
    "layer": "Layers",
    "penalty": "Penalties on kernels",
    "loss": "Losses",
    "clipping": "Clipping",
    "schedule": "Schedules",
    "optimizer": "Optimizers",
}
ABOUT = (
    "`make vocabulary`: of each word, its examples and 200 random configurations (fewer where it has no more), written "
    "`matched` in Keras, PyTorch and JAX, run in float64 from the same canonical weights on the same data. The figures "
    "are the largest relative distance between any two frameworks. The limits are 1e-10 for forward, loss and "
    "gradients, and 1e-9 for weights after training steps. The words of learning are trained for 60 steps, and their "
    "weights are compared with the canonical formulas in NumPy too. Some configurations magnify rounding without "
    "bound: a normalisation over one value has a variance of zero, and a gradient of zero but for rounding. What is "
    "beyond the limits is therefore run again with every number moved by one unit in the last place. Where the "
    "frameworks are no more than ten times as far from each other as each is from itself then, they agree *up to "
    "rounding*, and such arrays are left out of the figures. The rows are kept in `vocabulary.json`; a word that is "
    "written otherwise since is run again."
)
NOT_RUN = "## Not run whole yet"
"""Heading of the words that have no row: only their examples, and a few random configurations, ran (in CI)."""
COLUMNS = {
    "activation": ("forward", "gradients"),
    "layer": ("forward", "gradients", "weights"),
    "penalty": ("forward", "loss", "gradients"),
    "loss": ("loss", "gradients"),
    "clipping": ("weights",),
    "schedule": ("weights",),
    "optimizer": ("weights",),
}


def page(rows: dict[tuple[str, str], Row]) -> str:
    """The text."""
    lines = ["# The long suite of the vocabulary", "", *textwrap.wrap(ABOUT, 120), "", *_summary(rows.values())]
    for kind in kinds().values():
        own = [rows[kind.name, word] for word in kind.words if (kind.name, word) in rows]
        lines += ["", f"## {TITLES[kind.name]}", "", *_table(own, COLUMNS[kind.name])] if own else []
    missing = [
        f"`{kind.name}:{word}`" for kind in kinds().values() for word in kind.words if (kind.name, word) not in rows
    ]
    lines += ["", NOT_RUN, "", *textwrap.wrap(", ".join(missing), 120)] if missing else []
    return "\n".join(lines) + "\n"


def _summary(rows: Iterable[Row]) -> list[str]:
    listed = list(rows)
    total, minutes = sum(row.configurations for row in listed), sum(row.seconds for row in listed) / 60
    several = Counter(", ".join(f"{name} {number}" for name, number in row.versions.items()) for row in listed)
    agree = sum(not row.faulty for row in listed)
    text = f"{agree} of {len(listed)} words agree in all of {total:,} configurations, run in {minutes:.0f} minutes."
    if listed:
        text += f" {min(row.date for row in listed)} to {max(row.date for row in listed)}; {'; '.join(several)}."
    return textwrap.wrap(text, 120)


def _table(rows: list[Row], columns: tuple[str, ...]) -> list[str]:
    head = ("word", "configurations", "verdict", *columns)
    return [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}", *(_line(row, columns) for row in rows)]


def _line(row: Row, columns: tuple[str, ...]) -> str:
    count = f"{row.configurations}{'' if row.distinct else ' (all)'}"
    return f"| `{row.word}` | {count} | {row.verdict} | {' | '.join(f'{row.apart[one]:.1e}' for one in columns)} |"


def write_page() -> None:
    """Make the page from the rows that there are."""
    PATH.write_text(page(read_rows()), encoding="utf-8")
