"""Options as task files give them: a number is a number, and neither a truth value nor a text is one."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, model_validator

_DEEPEST = 3
"""How deep lists are nested in options at most."""


class Strict(BaseModel):
    """A model that turns nothing into another type, but the lists of TOML into tuples."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _with_tuples(cls, given: Any) -> Any:
        return {key: _tuples(value, _DEEPEST) for key, value in given.items()} if isinstance(given, dict) else given


def _tuples(value: Any, depth: int) -> Any:
    return tuple(_tuples(item, depth - 1) for item in value) if depth and isinstance(value, list) else value
