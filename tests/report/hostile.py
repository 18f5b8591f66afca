"""A record with an attack in every text that somebody else may have written."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from paragone import records
from paragone.records import Record, Run

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&[bold red]markup[/bold red]{{ 7 * 7 }}$x^2$"
STEERING = "\x1b[31m\x07\u202e\x00\ud800"
ADDRESS = "javascript:alert(3)"


def hostile(run: Run) -> Run:
    """The same record, where every text but the fixed words of the records is an attack."""
    kept = set(_fixed_words())
    return Run.model_validate(_changed(run.model_dump(by_alias=True), kept))


def _fixed_words() -> list[str]:
    kinds = [one for one in vars(records).values() if isinstance(one, type) and issubclass(one, Record)]
    annotations = [field.annotation for kind in kinds for field in kind.model_fields.values()]
    return [word for annotation in annotations for word in _words(annotation)]


def _words(annotation: Any) -> list[str]:
    if get_origin(annotation) is Literal:
        return [word for word in get_args(annotation) if isinstance(word, str)]
    return [word for inner in get_args(annotation) for word in _words(inner)]


def _changed(value: Any, kept: set[str]) -> Any:
    if isinstance(value, dict):
        return {name: _source(name, one) or _changed(one, kept) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_changed(one, kept) for one in value]
    if isinstance(value, str) and value not in kept:
        return f"{ATTACK}{STEERING}{value}"
    return value


def _source(name: str, value: Any) -> str:
    """Where a page would make a link of the text."""
    return ADDRESS if name == "source" and isinstance(value, str) and value.startswith("http") else ""
