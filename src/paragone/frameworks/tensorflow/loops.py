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


def infer(model: Any) -> Callable[[Any], Any]:
    """`predict_on_batch`: the function that `predict` itself calls for each batch; it gives NumPy arrays."""
    model.make_predict_function(force=True)
    return lambda x: model.predict_on_batch(x[0] if len(x) == 1 else x)


def infer_tuned(model: Any) -> Callable[[Any], Any]:
    """The same, compiled by XLA (`jit_compile=True`)."""
    model.jit_compile = True
    return infer(model)


INFERENCE = {"idiomatic": infer, "tuned": infer_tuned}
