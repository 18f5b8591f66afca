"""Plays one pass of a Keras side for its tape: every operation that TensorFlow runs eagerly.

Functions compiled with `tf.function` are run eagerly too, and a recurrent layer step by step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest import mock

import keras
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_callbacks

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.found import names_of
from paragone.frameworks.tensorflow.modules import activation_of, modules, state
from paragone.frameworks.tensorflow.worker import KerasSide
from paragone.sides.execute import calling_line
from paragone.workers.tape import CONSTANT, INPUT, ROOT, WEIGHT, Recorder

__all__ = ["array", "is_tensor", "leaves", "modules", "play", "run", "state"]

_READS = {"ReadVariableOp"}
_WRITES = {"AssignVariableOp"}


def play(side: KerasSide, batch: Batch, mode: str, recorder: Recorder) -> None:
    """Run the model in evaluation mode (`forward`), or the training loss (`loss`), and record every value."""
    model = side.found.model
    given = batch.x[0] if len(batch.x) == 1 else batch.x
    tape = _Tape(side, recorder)
    with _eagerly(), tape.running():
        for i, tensor in enumerate(batch.x):
            tape.leaf(INPUT, f"x{i}", tensor)
        outputs = model(given, training=mode == "loss")
        if mode == "loss":
            tape.stack.append(recorder.enter("loss", "loss", "", 0, ROOT))
            outputs = model.compute_loss(x=given, y=batch.y, y_pred=outputs, training=True)
        recorder.outputs = tape.numbers(outputs)


def run(side: KerasSide, batch: Batch) -> None:
    """The model in evaluation mode, eagerly."""
    with _eagerly():
        side.found.model(batch.x[0] if len(batch.x) == 1 else batch.x, training=False)


def is_tensor(value: Any) -> bool:
    """Whether it is a value of the framework."""
    return bool(tf.is_tensor(value))


def leaves(tree: Any) -> list[Any]:
    """The tensors of a structure."""
    return [leaf for leaf in tf.nest.flatten(tree) if tf.is_tensor(leaf)]


def array(tensor: Any) -> Array:
    """A tensor as an array."""
    return np.asarray(tensor.numpy())


@contextmanager
def _eagerly() -> Iterator[None]:
    before = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        yield
    finally:
        tf.config.run_functions_eagerly(before)


class _Tape:
    """Sees every operation. TensorFlow numbers its eager tensors, and never uses a number twice."""

    def __init__(self, side: KerasSide, recorder: Recorder):
        self.stack = [ROOT]
        self._side = side
        self._path = str(side.path)
        self._recorder = recorder
        self._known: dict[int, int] = {}
        self._variables = {variable.value.handle._id: variable for variable in side.found.model.variables}
        self._layers = names_of(side.layers)
        self._still = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow operations and the calls of layers."""

        # TensorFlow passes name and graph by their names, and takes a callback back only as the same object.
        def seen(op: Any, inputs: Any, attrs: Any, outputs: Any, op_name: Any = None, graph: Any = None) -> None:
            self._seen(op, inputs, attrs, outputs, op_name, graph)

        op_callbacks.add_op_callback(seen)
        try:
            with mock.patch.object(keras.layers.Layer, "__call__", self._followed(keras.layers.Layer.__call__)):
                yield
        finally:
            op_callbacks.remove_op_callback(seen)

    # ------------------------------------------------------------------ calls

    def _followed(self, own: Callable[..., Any]) -> Callable[..., Any]:
        tape = self

        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if layer is tape._side.found.model:
                return own(layer, *args, **kwargs)
            number = tape._enter(layer, args)
            tape.stack.append(number)
            output = own(layer, *args, **kwargs)
            tape.stack.pop()
            tape._recorder.leave(number, tape.numbers(output))
            return tape._replaced(number, output, activation_of(layer))

        return call

    def _enter(self, layer: Any, args: Any) -> int:
        above = self._recorder.calls[self.stack[-1]].path
        path = f"{above}.{layer.name}" if above else layer.name
        name, line = self._layers.get(id(layer), ""), self._side.lines.get(id(layer), 0)
        call = self._recorder.enter(path, type(layer).__name__, name, line, self.stack[-1])
        self._recorder.calls[call].inputs = self.numbers(args)
        self._recorder.calls[call].activated = activation_of(layer) is not None
        return call

    def _replaced(self, call: int, output: Any, activation: Any) -> Any:
        if not tf.is_tensor(output) or not self._recorder.wanted.given:
            return output
        with self._unseen():
            act = None if activation is None else lambda array: np.asarray(activation(tf.constant(array)).numpy())
            array = self._recorder.replacement(call, np.asarray(output.numpy()), act)
            if array is None:
                return output
            replaced = tf.constant(array)
        self._known[replaced._id] = self._known[output._id]
        for name in ("_keras_mask", "_keras_logits"):
            if hasattr(output, name):
                setattr(replaced, name, getattr(output, name))
        return replaced

    # ------------------------------------------------------------------ values

    def leaf(self, kind: str, name: str, tensor: Any) -> int:
        """A tensor that no operation made."""
        self._known[tensor._id] = self._recorder.leaf(kind, name, self._read(tensor))
        return self._known[tensor._id]

    def numbers(self, tree: Any) -> list[int]:
        """The values in a structure of tensors."""
        return [self._number(item) for item in tf.nest.flatten(tree) if tf.is_tensor(item) and hasattr(item, "_id")]

    def _number(self, tensor: Any) -> int:
        if tensor._id not in self._known:
            variable = self._variables.get(tensor._id)
            if variable is None:
                return self.leaf(CONSTANT, "", tensor)
            with self._unseen():
                array = np.asarray(variable.numpy())
            self._known[tensor._id] = self._recorder.leaf(WEIGHT, variable.path, array)
        return self._known[tensor._id]

    def _seen(
        self, op: Any, inputs: Sequence[Any], _attrs: Any, outputs: Sequence[Any], _name: Any = None, graph: Any = None
    ) -> None:
        """An operation was run."""
        if self._still or graph is not None:
            return
        kind = op.decode() if isinstance(op, bytes) else str(op)
        parents = [self._number(tensor) for tensor in inputs if hasattr(tensor, "_id")]
        if kind in _WRITES:
            self._known[inputs[0]._id] = parents[1]
            return
        if kind in _READS:
            self._known[outputs[0]._id] = parents[0]
            return
        line = calling_line(self._path) or 0
        for tensor in outputs:
            if hasattr(tensor, "_id"):
                number = self._recorder.value(kind, parents, self._read(tensor), self.stack[-1], line)
                self._known[tensor._id] = number

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        self._still = True
        yield
        self._still = False

    def _read(self, tensor: Any) -> Array:
        """The array of a tensor; nothing for a handle or text."""
        if tensor.dtype in (tf.resource, tf.variant, tf.string):
            return np.zeros(0)
        with self._unseen():
            return np.asarray(tensor.numpy())
