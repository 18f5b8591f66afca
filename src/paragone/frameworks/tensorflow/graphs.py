"""Graphs of a side's functions, and when they are worth their while.

`fit` runs a step as a graph. To trace a function of a deep model takes many times longer than to run it once, and the
ladder asks for each a few times, with batches of several sizes. So the first calls of a deep model run operation by
operation, where that gives the same; and what must be a graph is traced once for batches of every size, as `fit` does,
whose last batch may be a partial one.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import keras
import tensorflow as tf

from paragone.frameworks.base import Array

DEEP = 40
"""A model of more layers is deep."""
_FIRST_CALLS = 12
"""So many calls of a function of a deep model run operation by operation."""

Function = Callable[..., Any]


class Graphs:
    """The graphs of a side's functions, made when they are first needed.

    Args:
        layers: of the model.
        same_by_operation: whether the model gives the same operation by operation; asked for a deep one only.
    """

    def __init__(self, layers: int = 0, same_by_operation: Callable[[], bool] = lambda: False):
        self._deep = layers > DEEP
        self._same = same_by_operation
        self._graphs: dict[Function, Any] = {}
        self._open: set[Function] = set()
        self._calls: Counter[Function] = Counter()

    def of(self, function: Function) -> Function:
        """A function as a graph."""
        if function not in self._graphs:
            self._graphs[function] = tf.function(function, reduce_retracing=True)
        graph: Function = self._graphs[function]
        return graph

    def on_batches(self, function: Function, batch: Sequence[Any]) -> Any:
        """What a function gives for a batch."""
        if self._by_operation(function):
            return function(*batch)
        graph: Any = self.of(function)
        self._opened(function, graph.get_concrete_function, batch)
        return graph(*batch)

    def step(self, step: Function, by_operation: Function, batch: Sequence[Any]) -> Any:
        """What Keras' function for a step gives for a batch; the graph is traced while another one is."""
        if self._by_operation(step):
            return by_operation(iter([tuple(batch)]))

        def inside(*parts: Any) -> Any:
            return step(iter([parts]))

        self._opened(step, tf.function(inside, autograph=False).get_concrete_function, batch)
        return step(iter([tuple(batch)]))

    def _by_operation(self, function: Function) -> bool:
        self._calls[function] += 1
        return self._deep and self._calls[function] <= _FIRST_CALLS and self._same()

    def _opened(self, function: Function, trace: Function, batch: Sequence[Any]) -> None:
        """Trace for an open size; a function that cannot do with one is traced for each size when it is called."""
        if not self._deep or function in self._open:
            return
        self._open.add(function)
        with contextlib.suppress(Exception):
            trace(*tf.nest.map_structure(_open_spec, tuple(batch)))


def _open_spec(tensor: Any) -> Any:
    return tf.TensorSpec([None, *tensor.shape[1:]], tensor.dtype)


def is_graph(value: Any) -> bool:
    """Whether this is a `tf.function`."""
    return isinstance(value, tf.types.experimental.PolymorphicFunction)


def is_plain(model: Any) -> bool:
    """Whether a model's step and loss are Keras' own and nobody asked for XLA: nothing in it can see a graph."""
    own = type(model).train_step is keras.Model.train_step and type(model).compute_loss is keras.Model.compute_loss
    return own and model.jit_compile in (False, None)


def is_share(output: Array) -> bool:
    """Whether an output may be a probability."""
    return bool(((output >= 0) & (output <= 1)).all())
