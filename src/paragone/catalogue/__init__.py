"""The catalogue of traps: facts about where same-looking code of the frameworks means something else; one file a group.

Measured on a CPU with torch 2.13.0, TensorFlow 2.21.0, Keras 3.15.1, JAX 0.10.2, Flax 0.12.8 (NNX) and Optax 0.2.8;
paths in `evidence` are in these packages, numbers of the form `owner/repository#1` are issues there. A word of the
vocabulary names the rows that it meets, and a `matched` side the row behind each of its departures from a default.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """One trap.

    Args:
        id: letter of the group and number.
        group: title of the group.
        topic: what it is about.
        tensorflow: what TensorFlow or Keras does.
        torch: what PyTorch does.
        jax: what JAX, Flax or Optax does.
        fact: what holds, where it is not about one framework against another.
        fails: how it shows: silent, warns, raises.
        evidence: sources and measured numbers.
    """

    id: str
    group: str
    topic: str
    tensorflow: str = ""
    torch: str = ""
    jax: str = ""
    fact: str = ""
    fails: str = ""
    evidence: str = ""


@cache
def catalogue() -> dict[str, Row]:
    """All rows by their ids, in order."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in table["trap"]:
            found[row["id"]] = Row(group=table["title"], **row)
    return found
