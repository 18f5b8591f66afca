"""The variables of a Keras model, and the order in which a run of it first uses them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import keras

from paragone.frameworks.places import Held, Place


def places(model: keras.Model) -> Iterator[Place]:
    """All variables of floating numbers, of all layers."""
    seen: Counter[str] = Counter()
    for layer in model._flatten_layers():
        owners = {id(value): (owner, name) for owner, name, value in _kept(layer)}
        for variables, buffer in ((layer._trainable_variables, False), (layer._non_trainable_variables, True)):
            for variable in variables:
                if not keras.backend.is_float_dtype(variable.dtype):
                    continue
                owner, attribute = owners.get(id(variable), (Held(variable), "tensor"))
                seen[variable.path] += 1
                path = variable.path if seen[variable.path] == 1 else f"{variable.path}#{seen[variable.path]}"
                frozen = not buffer and not (variable.trainable and layer.trainable)
                yield Place(path, owner, attribute, layer, buffer, frozen)


def _kept(layer: Any) -> Iterator[tuple[Any, str, Any]]:
    """Owner, name and value of what a layer keeps, also in its lists and dicts."""
    for name, value in vars(layer).items():
        if isinstance(value, keras.Variable):
            yield layer, name, value
        elif isinstance(value, (list, tuple)) and not name.startswith("_"):
            yield from ((value, str(index), item) for index, item in enumerate(value))
        elif isinstance(value, dict) and not name.startswith("_"):
            yield from ((value, str(key), item) for key, item in value.items())


def shapes_within(layer: Any) -> list[tuple[int, ...]]:
    """Shapes of all variables that a layer trains inside."""
    return [tuple(variable.shape) for variable in layer.trainable_variables]


@contextmanager
def watched(used: list[int]) -> Iterator[None]:
    """While it lasts, the ids of variables whose value is taken are noted, the first use first."""
    kind = next(parent for parent in keras.Variable.__mro__ if "value" in vars(parent))
    own = vars(kind)["value"].fget

    def noted(variable: Any) -> Any:
        used.append(id(variable))
        return own(variable)

    with mock.patch.object(kind, "value", property(noted)):
        yield
