"""The canonical training loops of Keras on TensorFlow, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters.array_data_adapter import ArrayDataAdapter

from paragone.frameworks.base import Array, Batch, Training
from paragone.frameworks.tensorflow.finding import fitted
from paragone.frameworks.tensorflow.inferring import INFERENCE
from paragone.frameworks.tensorflow.plateau import EpochEnds
from paragone.frameworks.tensorflow.precision import PRECISIONS

__all__ = ["INFERENCE", "LOOPS", "PIPELINES", "PRECISIONS"]


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


def as_fit(arrays: Any, batch_size: int) -> Any:
    """The data set that `fit` itself makes of arrays: shuffled, in batches."""
    return ArrayDataAdapter(*arrays, batch_size=batch_size, shuffle=True).get_tf_dataset()


def ahead(arrays: Any, batch_size: int) -> Any:
    """The same, with batches made while others are computed."""
    return as_fit(arrays, batch_size).prefetch(tf.data.AUTOTUNE)


PIPELINES = {"idiomatic": as_fit, "tuned": ahead}


def _step_over(side: Any, track: str) -> Callable[[Iterator[Any]], Any]:
    """The loop of a track, or the side's own step, on the next batch of an iterator."""
    own = side.found.step
    return LOOPS[track](side.found.model) if own is None else lambda batches: own(*next(batches)[:2])


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, with or without a step for each."""
    data_set = PIPELINES[track](fitted(whole), side.batch_size)
    batches = len(whole.x[0]) // side.batch_size
    step = _step_over(side, track) if compute else next

    def run(n: int) -> None:
        last: Any = None
        for _ in range(n):
            iterator = iter(data_set)
            for _ in range(batches):
                last = step(iterator)
        if compute:
            side.number(last)

    return run


def training(side: Any, track: str, whole: Batch, orders: Iterator[Array]) -> Training:
    """Trains over the training set in these orders; the side's callback is called at the end of an epoch, as by `fit`.

    The data set is the pipeline's own, whose shuffle gives the order that lies in a variable.
    """
    samples = len(whole.x[0])
    order = tf.Variable(np.arange(samples), dtype=tf.int64)
    with mock.patch.object(tf.random, "shuffle", lambda _indices: order.read_value()):
        data_set = PIPELINES[track](fitted(whole), side.batch_size)
    found, step = side.found, _step_over(side, track)
    ends = None if found.scheduler is None else EpochEnds(found.scheduler, found.model, 1)

    def epoch() -> None:
        order.assign(next(orders))
        if found.step is None:
            found.model._loss_tracker.reset_state()  # `fit` begins its running mean anew
        last, iterator = None, iter(data_set)
        for _ in range(samples // side.batch_size):
            last = step(iterator)
        loss = side.number(last)
        if ends is not None:
            ends.ended(loss)

    return Training(epoch)


def product(size: int) -> Callable[[], None]:
    """Multiplies two square matrices in float32."""
    a, b = (tf.random.stateless_uniform((size, size), (0, seed), dtype=tf.float32) for seed in (0, 1))

    def multiply() -> None:
        tf.matmul(a, b)
        tf.test.experimental.sync_devices()

    return multiply
