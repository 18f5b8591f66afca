"""Profiles: what somebody needs, as data. One TOML file each in `profiles/`, found by its name."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import Field, ValidationError, field_validator

from paragone.choose.criteria import criteria
from paragone.errors import InputError
from paragone.records import Record

ROBUST = 0.70
"""How often a side must be first to be called the winner."""

EVIDENCE_NEEDED = 0.5
"""No winner where the criteria that this run has evidence for hold less than this share of the profile's weight."""


class Requirements(Record):
    """The hard constraints of a profile; that a side ran to the end is always required.

    Args:
        accuracy_within: mean test accuracy over seeds at most this far below the best side's (0.02 is two points).
        loss_within: in a task without accuracy, mean test loss at most this share above the best side's.
        peak_memory_bytes: largest peak of the process's resident memory.
    """

    accuracy_within: float | None = Field(default=None, ge=0, le=1)
    loss_within: float | None = Field(default=None, ge=0)
    peak_memory_bytes: int | None = Field(default=None, gt=0)


class Profile(Record):
    """Hard constraints and weighted criteria; weights are relative to their sum."""

    name: str
    description: str
    constraints: Requirements = Requirements()
    weights: dict[str, float] = Field(min_length=1)

    @field_validator("weights")
    @classmethod
    def _known_and_positive(cls, weights: dict[str, float]) -> dict[str, float]:
        for name, weight in weights.items():
            if name not in criteria():
                raise ValueError(f"unknown criterion `{name}`{nearest(name, criteria())}")
            if not 0 < weight < float("inf"):
                raise ValueError(f"the weight of `{name}` must be a positive number, not {weight}")
        return weights


def parse(name: str, text: str) -> Profile:
    """The profile in a TOML text.

    Raises:
        InputError: the text is no TOML, or not a profile.
    """
    try:
        return Profile(name=name, **tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"The profile `{name}` cannot be used: {first['msg'].removeprefix('Value error, ')}.",
            where=field,
            received=repr(first["input"])[:200],
            next_step=f"criteria are: {', '.join(criteria())}",
        ) from None
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise InputError(f"The profile `{name}` cannot be read: {error}.") from None


@cache
def _shipped() -> dict[str, Profile]:
    found = sorted((entry for entry in files(__package__).joinpath("profiles").iterdir()), key=lambda entry: entry.name)
    names = [entry for entry in found if entry.name.endswith(".toml")]
    return {
        entry.name.removesuffix(".toml"): parse(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8"))
        for entry in names
    }


def profiles() -> dict[str, Profile]:
    """The profiles that can be named, in alphabetical order."""
    return dict(_shipped())


def named(name: str) -> Profile:
    """The profile of this name.

    Raises:
        InputError: there is none; the message has the nearest name and the list.
    """
    known = profiles()
    if name not in known:
        raise InputError(
            f"There is no profile `{name}`{nearest(name, known)}.",
            where="--profile",
            expected=", ".join(known),
            received=name,
            next_step="take one of these names",
        )
    return known[name]


def nearest(name: str, known: Any) -> str:
    """`: did you mean ...?`-like ending for a message, or nothing if no known name is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" (the nearest is `{near[0]}`)" if near else ""
