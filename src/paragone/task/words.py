"""Words of task files: looked up by name, with the nearest valid one in the error; their options checked."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from paragone.errors import InputError
from paragone.spelling.entry import UnfitError
from paragone.task.synonyms import SYNONYMS

Kind = TypeVar("Kind")
Fields = TypeVar("Fields", bound=BaseModel)

_WORDS = {
    "missing": "a value",
    "bool_type": "true or false",
    "dict_type": "a table",
    "model_type": "a table",
    "string_type": "a text",
    "string_too_long": "at most {max_length} letters",
    "too_long": "at most {max_length} of them",
    "too_short": "at least {min_length} of them",
    "tuple_type": "a list",
}
"""What is expected where the schema found a fault of a type, in the words of TOML."""
_SHOWN = 60


def look_up(table: Mapping[str, Kind], name: str, what: str, where: str) -> Kind:
    """The word of this name.

    Raises:
        InputError: there is none; says the nearest.
    """
    if name in table:
        return table[name]
    raise InputError(
        f"There is no {what} '{short(name)}'.",
        where=where,
        expected=", ".join(sorted(table)),
        received=short(name),
        next_step=did_you_mean(name, table),
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A question that names the word that was meant, or the nearest ones, or nothing."""
    words, text = list(known), str(name).lower().replace("-", "_").replace(" ", "_")
    meant = [word for word in (text, *SYNONYMS.get(text, ())) if word in words]
    near = meant or difflib.get_close_matches(text, words, n=2, cutoff=0.5)
    return f"did you mean {' or '.join(near)}?" if near else ""


def short(value: Any) -> str:
    """A value as messages show it."""
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def read_options(
    model: type[Fields], given: Mapping[str, Any], what: str, where: str, others: Iterable[str] = ()
) -> Fields:
    """Options in their form; `others` are fields that are read elsewhere, one of which may have been meant.

    Raises:
        InputError: one is unknown, missing, or has a value that cannot be.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        raise bad_field(error, where, what, model, others) from None


def bad_field(
    error: ValidationError, where: str, what: str, model: type[BaseModel], others: Iterable[str] = ()
) -> InputError:
    """The first fault that a schema found, in our words."""
    what = what[:1].upper() + what[1:]
    fault = min(error.errors(), key=lambda one: one["type"] == "missing")
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in _plain(fault["loc"]))
    path = where + path if where and not where.endswith(" ") else where + path.lstrip(".")
    name = str(fault["loc"][-1]) if fault["loc"] else ""
    if fault["type"] == "extra_forbidden":
        known = sorted(_fields_at(model, fault["loc"][:-1]))
        return InputError(
            f"{what} has no '{short(name)}'.",
            where=path,
            expected=", ".join(known) or "no further field",
            received=short(name),
            next_step=did_you_mean(name, [*known, *others]),
        )
    missing = fault["type"] == "missing"
    name = next((part for part in reversed(_plain(fault["loc"])) if isinstance(part, str)), name)
    return InputError(
        _said(what, short(name), missing),
        where=path,
        expected=_expectation(fault),
        received="nothing" if missing else short(repr(fault["input"])),
    )


def _said(what: str, name: str, missing: bool) -> str:
    if not name:
        return f"{what} has options that do not go together."
    return f"{what} needs '{name}'." if missing else f"{what} cannot be read: '{name}' is not what it must be."


def _plain(path: tuple[int | str, ...]) -> list[int | str]:
    """Without the names of the alternatives that the schema tried, which are no fields."""
    return [part for part in path if isinstance(part, int) or (part.replace("_", "").isalnum() and part.islower())]


def _expectation(fault: ErrorDetails) -> str:
    if fault["type"] in _WORDS:
        return _WORDS[fault["type"]].format_map(fault.get("ctx", {}))
    text = fault["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return text.replace("valid ", "").replace("a integer", "a whole number").replace("an integer", "a whole number")


def _fields_at(model: Any, path: Iterable[int | str]) -> list[str]:
    """The names of the fields that a nested model has."""
    for part in path:
        if isinstance(part, str) and part in getattr(model, "model_fields", {}):
            model = _model_in(model.model_fields[part].annotation)
    return list(getattr(model, "model_fields", {}))


def _model_in(annotation: Any) -> Any:
    """The model inside `tuple[Model, ...]`, `Model | None` and the like."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)


def unfit(error: UnfitError, what: str, where: str, next_step: str = "") -> InputError:
    """Options or shapes that do not go together, as an error of the task file."""
    return InputError(
        what,
        where=f"{where}.{error.option}" if error.option else where,
        expected=error.expected,
        received=error.received,
        next_step=next_step,
    )
