"""The form of a clipping file: what is done to the gradients before the optimizer sees them, in each framework.

A clipping file holds one `CLIPPING`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from paragone.spelling.code import Code
from paragone.spelling.entry import Options
from paragone.spelling.site import Chosen, Impossible
from paragone.spelling.spelled import Helper, Note


@dataclass(frozen=True)
class ClippingSpelled:
    """Clipping in one framework.

    Args:
        arguments: keyword arguments of the optimizer (Keras).
        statements: between `loss.backward()` and `optimizer.step()` (PyTorch).
        transformation: an Optax transformation that stands before the optimizer's (JAX).
        helpers: what the file must bring.
        notes: departures from the framework's defaults.
        imports: import lines beyond those that every side of the framework has.
    """

    arguments: Mapping[str, Any] = field(default_factory=dict)
    statements: tuple[str, ...] = ()
    transformation: Code | None = None
    helpers: tuple[Helper, ...] = ()
    notes: tuple[Note, ...] = ()
    imports: tuple[str, ...] = ()


WriteClipping = Callable[[Chosen], ClippingSpelled | Impossible]


@dataclass(frozen=True)
class ClippingKind:
    """One way to clip gradients.

    Args:
        name: as task files call it.
        computes: the formula, in one line.
        options: their model.
        spellings: by framework.
        rows: rows of the catalogue of traps that it meets.
        examples: options, for the manual and the tests.
    """

    name: str
    computes: str
    options: type[Options]
    spellings: Mapping[str, WriteClipping]
    rows: tuple[str, ...] = ()
    examples: tuple[Mapping[str, Any], ...] = ()
