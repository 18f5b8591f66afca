"""Facts with date and source: one TOML file a subject, found by its name."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import ValidationError

from paragone.errors import InputError
from paragone.records.fact import Fact

_FIELDS = [name for name in Fact.model_fields if name != "id"]


@cache
def facts() -> Mapping[str, Fact]:
    """Every fact that ships, by its id.

    Raises:
        InputError: one of them has no source, no date, or another field that cannot be used.
    """
    found = sorted(files(__package__).iterdir(), key=lambda entry: entry.name)
    texts = [(one.name, one.read_text(encoding="utf-8")) for one in found if one.name.endswith(".toml")]
    return {fact.id: fact for name, text in texts for fact in read_facts(name, text).values()}


def read_facts(file: str, text: str) -> dict[str, Fact]:
    """The facts of one subject, by their ids.

    Args:
        file: its name, which the ids begin with.
        text: TOML: a table for each fact, named by what it is about.

    Raises:
        InputError: the text is no TOML, or a fact lacks something or has a field that cannot be used.
    """
    subject = file.removesuffix(".toml")
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"The facts in {file} cannot be read.", where=file, expected="TOML", received=str(error)
        ) from None
    return {f"{subject}/{name}": fact_of(file, subject, name, table) for name, table in tables.items()}


def fact_of(file: str, subject: str, name: str, table: Any) -> Fact:
    """The fact that a table describes.

    Args:
        file: where it is written.
        subject: what its id begins with.
        name: of the table.
        table: nobody vouches for it.

    Raises:
        InputError: it lacks something, or has a field that cannot be used.
    """
    if not isinstance(table, dict):
        raise InputError(
            "A fact is a table of its own.",
            where=f"{file}, {name}",
            expected=f"[{name}] with {', '.join(_FIELDS)}",
            received=repr(table)[:200],
        )
    try:
        return Fact.model_validate({**table, "id": f"{subject}/{name}"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"][:1])
        missing = first["type"] == "missing"
        raise InputError(
            f"The fact {subject}/{name} has no {field}." if missing else f"The fact {subject}/{name} cannot be used.",
            where=f"{file}, [{name}], {field}",
            expected=f"a table with {', '.join(_FIELDS)}" if missing else first["msg"],
            received="nothing" if missing else repr(first["input"])[:200],
            next_step="a fact that cannot be sourced and dated is left out",
        ) from None
