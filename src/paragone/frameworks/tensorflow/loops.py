"""The canonical training loops of Keras on TensorFlow, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def idiomatic(model: Any) -> Callable[[Iterator[Any]], Any]:
    """The function that `fit` itself calls for each step, compiled as the side's `compile` says."""
    model.make_train_function(force=True)
    train_function = model.train_function

    def step(batches: Iterator[Any]) -> Any:
        logs = train_function(batches)
        return logs["loss"]

    return step


def tuned(model: Any) -> Callable[[Iterator[Any]], Any]:
    """The same, compiled by XLA (`jit_compile=True`); Keras leaves XLA off on a CPU."""
    model.jit_compile = True
    return idiomatic(model)


def by_operation(model: Any) -> Callable[[Iterator[Any]], Any]:
    """The same step as `idiomatic` without a graph: for the first steps of a deep model: tracing costs more."""
    as_said = model.run_eagerly
    model.run_eagerly = True
    try:
        return idiomatic(model)
    finally:
        model.run_eagerly = as_said


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}
