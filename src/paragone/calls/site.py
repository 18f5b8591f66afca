"""One place at which a side computes something: a call of a layer or of a function, as it was seen."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from paragone.layers.base import Function, LayerKind, Spelling

Key = tuple[str, Any, int]
"""Kind (empty for a module), what identifies the module that was running, and the number of the call in it."""


CROPPING = "cropping"
"""The setting of a layer that cuts places off at the ends of each spatial axis of its output."""


@dataclass(frozen=True)
class FunctionCall:
    """A call of a function; it takes the place of an object, which a function has none of.

    Args:
        kind: the layer that it computes.
        spelling: that in this framework.
        function: which function it was.
        spelled: its name, as a person knows it.
        module: that which was running.
    """

    kind: LayerKind
    spelling: Spelling
    function: Function
    spelled: str
    module: Any = None


@dataclass
class Sighting:
    """What was seen of one call.

    Args:
        thing: the object, or a `FunctionCall`.
        key: where it will be found again.
        line: of the user's file, if it is known.
        called: that of the call, for an object.
        input_shape: of a sample.
        output_shape: of a sample.
        settings: canonical, by name.
        given: the values of the first sample of the input, in no order; empty where they cannot be read.
        gave: those of the output.
        weight: of a function that is given its weights: the first of them.
        output: of such a function, what it gave for the first sample; None where it has added a bias already.
        steps: of a recurrent layer, the outputs of each direction for the first sample, in the order of computing.
        lay: of such a layer, from what it gives to where the outputs of its steps are in it.
        inside: it is a part of a layer that is known as a whole, such as the cell of a recurrent layer.
        uncut: of a layer that cuts places off, what it gave for the first sample, and what the next call took.
    """

    thing: Any
    key: Key
    line: int | None = None
    called: int | None = None
    input_shape: tuple[int, ...] = ()
    output_shape: tuple[int, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    given: bytes = b""
    gave: bytes = b""
    weight: Any = None
    output: Any = None
    steps: tuple[Any, ...] = ()
    lay: Any = None
    inside: bool = False
    uncut: tuple[Any, Any] = (None, None)


def shown(value: Any) -> Any:
    """A setting as the value of a trait: a number or a word, and one for all axes where they are alike."""
    if not isinstance(value, (tuple, list)):
        return value
    values = [_listed(one) for one in value]
    return (
        values[0]
        if values and not isinstance(values[0], list) and len({str(v) for v in values}) == 1
        else json.dumps(values)
    )


def _listed(value: Any) -> Any:
    return [_listed(one) for one in value] if isinstance(value, (tuple, list)) else value


def setting(value: Any, now: Any) -> Any:
    """The value of a trait as a setting of the form that the present one has."""
    if not isinstance(now, (tuple, list)):
        return value
    if isinstance(value, str):
        if not value.startswith("["):
            return value
        value = json.loads(value)
    if isinstance(value, (list, tuple)):
        return _tupled(value)
    return (value,) * len(now) if isinstance(value, (int, float)) else value


def _tupled(value: Any) -> Any:
    return tuple(_tupled(one) for one in value) if isinstance(value, (list, tuple)) else value


def described(kind: str, settings: Mapping[str, Any]) -> str:
    """A function with its settings, as one value of a trait."""
    return f"{kind} {json.dumps(dict(settings), sort_keys=True)}" if settings else kind


def understood(text: str) -> tuple[str, dict[str, Any]]:
    """The function and its settings again."""
    kind, _, settings = text.partition(" ")
    return kind, json.loads(settings) if settings else {}
