"""Profiles: what somebody needs, as data: one TOML file each in `profiles/`, found by its name, or the user's own."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from paragone.choose.constraints import contradiction, rules
from paragone.choose.constraints.writers import known_targets
from paragone.choose.criteria import criteria
from paragone.choose.facts import fact_of, facts
from paragone.choose.order import CONCENTRATION, CyclicOrder, chains, named_in, ordered
from paragone.choose.wording import nearest
from paragone.errors import InputError
from paragone.records import Fact, Weighing

ROBUST = 0.70
"""In what share of the draws an option, or its class, must be first to be called the winner."""

EVIDENCE_NEEDED = 0.5
"""An option with evidence for less than this share of the profile's weight cannot win."""

OWN = "mine"
"""What the ids of a profile's own facts begin with."""

MAX_BYTES = 2**20
MOST_ORDERED = 14
"""Criteria in an order; the lines that keep it are counted by their sets."""

FIELDS = ("description", "targets", "concentration", "constraints", "weights", "order", "criteria", "facts")
_WEIGHED = ("weights", "order", "criteria")


@dataclass(frozen=True)
class Profile:
    """What somebody needs.

    Args:
        name: of the file, or `mine` for one that was answered.
        description: what it is for, in a sentence.
        weighing: what is said about the weights of the criteria.
        constraints: what must be, by the id of the constraint.
        targets: what criteria about artifacts look at; all targets where there are none.
    """

    name: str
    description: str
    weighing: Weighing
    constraints: Mapping[str, object] = field(default_factory=dict)
    targets: tuple[str, ...] = ()

    @property
    def criteria(self) -> tuple[str, ...]:
        """The criteria that count."""
        if self.weighing.kind != "weights":
            return named_in(self.weighing.order)
        return tuple(name for name, weight in self.weighing.weights.items() if weight > 0)


def parse(name: str, text: str, where: str = "") -> Profile:
    """The profile in a TOML text.

    Args:
        name: what it is called.
        text: nobody vouches for it.
        where: the file it is from, for a message.

    Raises:
        InputError: the text is no TOML, or not a profile.
    """
    try:
        given = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(
            f"The profile `{name}` cannot be read.", where=where or name, expected="TOML", received=str(error)
        ) from None
    return profile_of(name, given, where or f"profile {name}")


def profile_of(name: str, given: Mapping[str, Any], where: str) -> Profile:
    """The profile that a table describes.

    Raises:
        InputError: a field of it cannot be used, or two of its constraints contradict each other.
    """
    refuse = _refusing(name, where)
    for key in given:
        if key not in FIELDS:
            raise refuse(f"has an unknown field `{key}`{nearest(key, FIELDS)}", key, ", ".join(FIELDS), key)
    description = given.get("description")
    if not isinstance(description, str) or not description.strip():
        raise refuse("does not say what it is for", "description", "a sentence", description)
    return Profile(
        name=name,
        description=description.strip(),
        weighing=_weighing(given, refuse),
        constraints=_constraints(given.get("constraints", {}), _facts(given.get("facts", {}), where, refuse), refuse),
        targets=_targets(given.get("targets", []), refuse),
    )


Refuse = Callable[[str, str, str, object], InputError]


def _refusing(name: str, where: str) -> Refuse:
    """What makes the one message of a fault in this profile."""

    def refuse(what: str, place: str, expected: str, received: object) -> InputError:
        return InputError(
            f"The profile `{name}` {what}.",
            where=f"{where}, {place}" if place else where,
            expected=expected,
            received="nothing" if received is None else repr(received)[:200],
            next_step="docs/choice.md says what a profile may hold",
        )

    return refuse


def _weighing(given: Mapping[str, Any], refuse: Refuse) -> Weighing:
    said = [key for key in _WEIGHED if key in given]
    if len(said) != 1:
        what = f"says it twice: {' and '.join(said)}" if said else "says nothing of what counts"
        expected = "one of: weights (numbers), order (chains such as `a > b = c`), criteria (names alone)"
        raise refuse(what, "", expected, said or None)
    if said == ["weights"]:
        return _weights(given["weights"], given.get("concentration", CONCENTRATION), refuse)
    if "concentration" in given:
        raise refuse("has a concentration without weights", "concentration", "weights with it, or none", said[0])
    return _order(said[0], given[said[0]], refuse)


def _weights(weights: Any, concentration: Any, refuse: Refuse) -> Weighing:
    if not isinstance(weights, dict) or not weights:
        raise refuse("has no weights", "weights", "at least 1 criterion with a number", weights)
    for name, weight in weights.items():
        _known_criterion(name, "weights", refuse)
        if not _is_number(weight) or not 0 <= weight < float("inf"):
            raise refuse(
                f"has a weight that is none: the weight of `{name}` must be a number of at least 0",
                f"weights.{name}", "a finite number of at least 0", weight,
            )  # fmt: skip
    if not any(weights.values()):
        raise refuse("has weights that are all zero", "weights", "one weight at least above 0", weights)
    if not _is_number(concentration) or not 1 <= concentration <= 1e6:
        raise refuse("has a concentration out of range", "concentration", "a number from 1 to 1,000,000", concentration)
    return Weighing(
        kind="weights",
        weights={name: float(weight) for name, weight in weights.items()},
        concentration=float(concentration),
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _known_criterion(name: str, place: str, refuse: Refuse) -> None:
    if name not in criteria():
        raise refuse(
            f"has an unknown criterion `{name}`{nearest(name, criteria())}", place, ", ".join(criteria()), name
        )


def _order(key: str, order: Any, refuse: Refuse) -> Weighing:
    texts = [order] if isinstance(order, str) else order
    expected = "a list of chains, such as `latency > artifact-size = accuracy`" if key == "order" else "a list of names"
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise refuse(f"has no {key}", key, expected, order)
    for text in texts:
        for name in (name for group in chains(text) for name in group):
            if not name or (key == "criteria" and name != text.strip()):
                raise refuse(f"has {key} that cannot be read", key, expected, text)
            _known_criterion(name, key, refuse)
    if len(named_in(texts)) > MOST_ORDERED:
        raise refuse("orders too many criteria", key, f"at most {MOST_ORDERED}", len(named_in(texts)))
    try:
        ordered(texts)
    except CyclicOrder as error:
        raise refuse(f"has an order that goes round: {error}", key, "an order without a circle", order) from None
    return Weighing(kind="order" if any(set(text) & set(">=") for text in texts) else "nothing", order=tuple(texts))


def _facts(given: Any, where: str, refuse: Refuse) -> dict[str, Fact]:
    """The facts that a profile brings itself; one without a source, or without a date, is refused."""
    if not isinstance(given, dict):
        raise refuse("has no facts", "facts", "a table for each fact", given)
    return {f"{OWN}/{name}": fact_of(where, OWN, name, table) for name, table in given.items()}


def _named_facts(value: Any, own: Mapping[str, Fact], refuse: Refuse) -> Any:
    """A constraint's facts in place of their ids."""
    if not isinstance(value, dict):
        return value
    known = {**facts(), **own}
    for id_ in value.values():
        if id_ not in known:
            near = nearest(str(id_), known)
            raise refuse(f"names an unknown fact `{id_}`{near}", "constraints.facts", "the id of a fact", id_)
    return {option: known[id_] for option, id_ in value.items()}


def _constraints(given: Any, own: Mapping[str, Fact], refuse: Refuse) -> dict[str, object]:
    if not isinstance(given, dict):
        raise refuse("has no constraints", "constraints", "a table", given)
    found: dict[str, object] = {}
    for id_, value in given.items():
        rule = rules().get(id_)
        if rule is None:
            near = nearest(id_, rules())
            raise refuse(f"has an unknown constraint `{id_}`{near}", "constraints", ", ".join(rules()), id_)
        try:
            found[id_] = rule.read(_named_facts(value, own, refuse) if id_ == "facts" else value)
        except ValueError as error:
            raise refuse(
                f"has a constraint `{id_}` that cannot be used", f"constraints.{id_}", str(error), value
            ) from None
    against = contradiction(found)
    if against is not None:
        a, b, subject = against
        told = f"`{a} = {given[a]!r}` and `{b} = {given[b]!r}`"
        raise refuse(
            f"has two constraints that contradict each other: {told}",
            "constraints", f"constraints that leave some {subject} open", f"none is left by `{a}` and `{b}` together",
        )  # fmt: skip
    return found


def _targets(given: Any, refuse: Refuse) -> tuple[str, ...]:
    expected = "a list of targets, as 'paragone deploy --list' has them"
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise refuse("has targets that cannot be used", "targets", expected, given)
    try:
        return known_targets(given)
    except ValueError as error:
        raise refuse("has a target that cannot be used", "targets", str(error), given) from None


@cache
def _shipped() -> dict[str, str]:
    found = sorted((entry for entry in files(__package__).joinpath("profiles").iterdir()), key=lambda entry: entry.name)
    toml = [entry for entry in found if entry.name.endswith(".toml")]
    return {entry.name.removesuffix(".toml"): entry.read_text(encoding="utf-8") for entry in toml}


def shipped_tables() -> dict[str, dict[str, Any]]:
    """The tables of the profiles that can be named, in alphabetical order."""
    return {name: tomllib.loads(text) for name, text in _shipped().items()}


def shipped_table(name: str) -> dict[str, Any]:
    """The table of the profile of this name.

    Raises:
        InputError: there is none; the message has the nearest name and the list.
    """
    if name not in _shipped():
        raise InputError(
            f"There is no profile `{name}`{nearest(name, _shipped())}.",
            where="--profile",
            expected=f"{', '.join(_shipped())}; or a .toml file",
            received=name,
            next_step="take one of these names",
        )
    return tomllib.loads(_shipped()[name])


def profiles() -> dict[str, Profile]:
    """The profiles that can be named, in alphabetical order."""
    return {name: parse(name, text) for name, text in _shipped().items()}


def named(name: str) -> Profile:
    """The profile of this name, or in this file: what ends in `.toml` or is a path is a file.

    Raises:
        InputError: there is none, or it cannot be used.
    """
    path = Path(name)
    if name not in _shipped() and (path.suffix == ".toml" or len(path.parts) > 1):
        return parse(path.stem, file_text(path, "profile"), name)
    return profile_of(name, shipped_table(name), f"profile {name}")


def file_text(path: Path, what: str) -> str:
    """The text of a small file that somebody gave.

    Raises:
        InputError: there is none, or it is no text, or too big.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"The {what} is too big.", where=str(path), expected=f"at most {MAX_BYTES // 2**20} MiB")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no UTF-8 text"
        raise InputError(
            f"There is no {what} here.",
            where=str(path),
            expected="a TOML file",
            received=reason or str(error),
            next_step=f"take the path of one, or the name of a profile: {', '.join(_shipped())}",
        ) from None
