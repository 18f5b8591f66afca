"""How the adapter of Keras tells what it finds in a side, and how it hands a batch over."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import keras

from paragone.frameworks.base import Batch


def given(batch: Batch) -> Any:
    """The inputs as the model takes them."""
    return batch.x[0] if len(batch.x) == 1 else batch.x


def fitted(batch: Batch) -> tuple[Any, ...]:
    """A batch as `fit` takes it."""
    return (given(batch), batch.y, *(() if batch.sample_weight is None else (batch.sample_weight,)))


def as_tuples(parts: Any) -> Any:
    """Parts of a batch without lists: `tf.data` takes a list for one tensor, and would stack several inputs."""
    return tuple(map(as_tuples, parts)) if isinstance(parts, (list, tuple)) else parts


def own_step_of(value: Any) -> Callable[..., Any] | None:
    """A side's own `train_step(x, y)`, if it has this form."""
    plain = getattr(value, "python_function", value)
    if not inspect.isfunction(plain):
        return None
    needed = [p for p in inspect.signature(plain).parameters.values() if p.default is p.empty]
    step: Callable[..., Any] = value
    return step if len(needed) == 2 else None


def shape_of(value: Any) -> tuple[int, ...]:
    """The shape of the first array among these, without the batch axis."""
    flat = [item for item in keras.tree.flatten(value) if hasattr(item, "shape")]
    return tuple(int(axis) for axis in flat[0].shape[1:]) if flat else ()
