"""Ten questions, at most, whose answers make a profile: a purpose, what matters most, and what must be."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from paragone.choose.candidates import TITLES
from paragone.choose.criteria import criteria
from paragone.choose.order import named_in
from paragone.choose.profile import Profile, file_text, profile_of, shipped_table, shipped_tables
from paragone.choose.wording import nearest
from paragone.errors import InputError

NAME = "mine"
_SIZES = {"": 1, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}
_TIMES = {"": 1.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6}


@dataclass(frozen=True)
class Question:
    """One question.

    Args:
        key: of the answer.
        text: as it is asked.
        expects: what can be answered, in words.
        into: puts an answer into the table of a profile; it raises a ValueError for one that cannot be used.
    """

    key: str
    text: str
    expects: str
    into: Callable[[dict[str, Any], str], None]


def _amount(text: str, units: Mapping[str, float]) -> float:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([A-Za-zµ]*)\s*", text)
    if found is None or found[2] not in units:
        raise ValueError(f"a number with a unit of {', '.join(unit for unit in units if unit)}")
    return float(found[1]) * units[found[2]]


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _criterion(text: str) -> str:
    if text not in criteria():
        raise ValueError(f"a criterion{nearest(text, criteria())}: {', '.join(criteria())}")
    return text


def _constrain(id_: str, read: Callable[[str], Any]) -> Callable[[dict[str, Any], str], None]:
    def into(table: dict[str, Any], answer: str) -> None:
        table.setdefault("constraints", {})[id_] = read(answer)

    return into


def _remember(key: str) -> Callable[[dict[str, Any], str], None]:
    """What matters is put together when all of it is known."""

    def into(table: dict[str, Any], answer: str) -> None:
        table.setdefault("matters", {})[key] = _criterion(answer)

    return into


def _points(text: str) -> float:
    points = _amount(text, {"": 1.0, "points": 1.0})
    if points > 100:
        raise ValueError("points from 0 to 100")
    return points / 100


def _purpose(table: dict[str, Any], answer: str) -> None:
    table.update(shipped_table(answer))


_ANY = "a criterion, or nothing for what the purpose says"
QUESTIONS = (
    Question("purpose", "What is it for?", "one of the profiles", _purpose),
    Question("most", "What matters most?", _ANY, _remember("most")),
    Question("next", "And after that?", _ANY, _remember("next")),
    Question("least", "What matters least?", _ANY, _remember("least")),
    Question(
        "targets",
        "Which targets must it come to, every one of them?",
        "targets with commas between them, as 'paragone deploy --list' has them",
        _constrain("reaches", _listed),
    ),
    Question(
        "never",
        "What is out of the question?",
        f"options with commas between them: {', '.join(TITLES)}",
        _constrain("never", _listed),
    ),
    Question(
        "accuracy",
        "How many points of accuracy may it be below the best?",
        "a number of points, such as 2",
        _constrain("accuracy-within", _points),
    ),
    Question(
        "memory",
        "How much memory may training take?",
        "such as 2 GiB",
        _constrain("peak-memory-at-most", lambda text: _amount(text, _SIZES)),
    ),
    Question(
        "latency",
        "How long may one answer of the deployed model take?",
        "such as 10 ms",
        _constrain("latency-at-most", lambda text: _amount(text, _TIMES)),
    ),
    Question("python", "On which Python must it run?", "a version, such as 3.12", _constrain("python", str)),
)


def read_answers(given: tuple[str, ...], file: str = "") -> dict[str, str]:
    """Answers from the command line (`KEY=VALUE`) and from a TOML file of `KEY = VALUE`; the former count.

    Raises:
        InputError: an answer has no key, or none that is asked for.
    """
    found: dict[str, str] = {}
    if file:
        try:
            table = tomllib.loads(file_text(Path(file), "answers"))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise InputError("The answers cannot be read.", where=file, expected="TOML", received=str(error)) from None
        found.update({key: ", ".join(map(str, at)) if isinstance(at, list) else str(at) for key, at in table.items()})
    for text in given:
        key, equals, value = text.partition("=")
        if not equals:
            raise InputError(
                "An answer has no key.", where="--answer", expected="KEY=VALUE, such as most=latency", received=text
            )
        found[key.strip()] = value.strip()
    known = [question.key for question in QUESTIONS]
    for key in found:
        if key not in known:
            raise InputError(
                f"Nothing asks for `{key}`{nearest(key, known)}.",
                where="the answers", expected=", ".join(known), received=key,
            )  # fmt: skip
    return found


def answered(answers: Mapping[str, str]) -> tuple[Profile, dict[str, Any]]:
    """The profile that the answers make, and its table; what was not answered is as the purpose says.

    Raises:
        InputError: an answer cannot be used.
    """
    table: dict[str, Any] = {}
    for question in QUESTIONS:
        answer = answers.get(question.key, "").strip()
        if answer or question.key == "purpose":
            put(question, table, answer or "balanced")
    matters = table.pop("matters", {})
    if matters:
        _reorder(table, matters)
    return profile_of(NAME, table, "the answers"), table


def put(question: Question, table: dict[str, Any], answer: str) -> None:
    """Put one answer into a profile's table.

    Raises:
        InputError: it cannot be used.
    """
    try:
        question.into(table, answer)
    except ValueError as error:
        raise InputError(
            f"The answer to “{question.text}” cannot be used.",
            where=question.key, expected=str(error) or question.expects, received=answer,
        ) from None  # fmt: skip


def _reorder(table: dict[str, Any], matters: Mapping[str, str]) -> None:
    """An order in place of what the purpose says of the weights."""
    if len(set(matters.values())) < len(matters):
        raise InputError(
            "One criterion cannot matter most and least at once.",
            where="most, next, least", expected="another criterion for each", received=", ".join(matters.values()),
        )  # fmt: skip
    weights = table.pop("weights", {})
    names = dict.fromkeys((*weights, *named_in(table.pop("order", [])), *named_in(table.pop("criteria", []))))
    table.pop("concentration", None)
    top = [matters[key] for key in ("most", "next") if key in matters]
    least = matters.get("least")
    between = [name for name in names if name not in (*top, least)]
    lines = [[*top, name, *([least] if least else [])] for name in between] or [[*top, *([least] if least else [])]]
    table["order"] = [" > ".join(line) for line in lines]


def purposes() -> tuple[str, ...]:
    """What the first question can be answered with."""
    return tuple(shipped_tables())
