"""What there is to learn of each framework, as `make learning` counted it: a proxy, which ships with Paragone."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from paragone.records.learning import Learning

LEARNING = "reference/learning"
"""The id of this record among the evidence."""
FILE = "counted.json"


@cache
def learning() -> Learning | None:
    """The record that ships; None before `make learning` has made it."""
    file = files(__package__).joinpath(FILE)
    return Learning.model_validate_json(file.read_text(encoding="utf-8")) if file.is_file() else None
