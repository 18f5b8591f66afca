"""The form of an initialiser file: what distribution it is, and what each framework calls it.

An initialiser file holds one `INITIALISER`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from paragone.task.strict import Strict

CUT_STDDEV = 0.87962566103423978
"""Standard deviation of a standard normal distribution that is cut at -2 and 2."""

LawName = Literal["constant", "uniform", "normal", "truncated_normal", "orthogonal"]


@dataclass(frozen=True)
class Law:
    """A distribution, in numbers.

    Args:
        name: `constant` (value), `uniform` (low, high), `normal` (standard deviation), `truncated_normal` (standard
            deviation before it is cut at twice that), `orthogonal` (gain).
        numbers: its parameters.
    """

    name: LawName
    numbers: tuple[float, ...]


class InitialiserOptions(Strict):
    """The options of an initialiser; a subclass lists them as fields."""


@dataclass(frozen=True)
class InitialiserKind:
    """One initialiser.

    Args:
        name: as task files call it.
        options: their model.
        law: the distribution from options, fan-in and fan-out.
        native: by framework, the expression that makes the same from the array's own shape; `{0}` is the weight where
            the framework sets it afterwards (PyTorch). Only where it draws from exactly this law.
        computes: the distribution, in one line.
    """

    name: str
    options: type[InitialiserOptions]
    law: Callable[[Any, int, int], Law]
    native: Mapping[str, str] = field(default_factory=dict)
    computes: str = ""


@dataclass(frozen=True)
class Start:
    """How one weight starts.

    Args:
        name: of the initialiser.
        fan_in: numbers that each output is made of.
        fan_out: numbers that each input goes to.
        options: of the initialiser.
        chosen: the task says so; then a `plain` side says it too.
    """

    name: str
    fan_in: int = 1
    fan_out: int = 1
    options: Mapping[str, Any] = field(default_factory=dict)
    chosen: bool = False
