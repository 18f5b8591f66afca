"""Plays one pass of a Keras side for its tape, on any backend: every call of a function of Keras' backend.

Layers, activations, losses and `keras.ops` end in the functions of `keras.src.backend`, which are looked up by name
(Keras 3.15): each call is one operation, however many the framework underneath makes of it.
"""

from __future__ import annotations

import inspect
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import wraps
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest import mock

import keras
import numpy as np

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.found import names_of
from paragone.frameworks.tensorflow.elsewhere.side import KerasElsewhere
from paragone.frameworks.tensorflow.finding import given
from paragone.frameworks.tensorflow.modules import activation_of, modules, state
from paragone.sides.execute import calling_line
from paragone.workers.tape import CONSTANT, INPUT, ROOT, WEIGHT, Recorder

__all__ = ["array", "is_tensor", "leaves", "modules", "play", "run", "state"]

_FAMILIES = ("core", "image", "linalg", "math", "nn", "numpy", "rnn")
_NO_VALUES = (
    "convert_to_tensor",
    "convert_to_numpy",
    "is_tensor",
    "shape",
    "standardize_dtype",
    "get_device",
    "device_scope",
)
"""Functions that only hand a value on, or make none."""


def play(side: KerasElsewhere, batch: Batch, mode: str, recorder: Recorder) -> None:
    """Run the model in evaluation mode (`forward`), or the training loss (`loss`), and record every value."""
    model = side.found.model
    tape = _Tape(side, recorder)
    with side.quietly(), tape.running():
        for i, tensor in enumerate(batch.x):
            tape.leaf(INPUT, f"x{i}", tensor)
        outputs = model(given(batch), training=mode == "loss")
        if mode == "loss":
            tape.stack.append(recorder.enter("loss", "loss", "", 0, ROOT))
            outputs = model.compute_loss(x=given(batch), y=batch.y, y_pred=outputs, training=True)
        recorder.outputs = tape.numbers(outputs)


def run(side: KerasElsewhere, batch: Batch) -> None:
    """The model in evaluation mode."""
    side.run_once(batch)


def is_tensor(value: Any) -> bool:
    """Whether it is a value of the backend."""
    return bool(keras.ops.is_tensor(value))


def leaves(tree: Any) -> list[Any]:
    """The tensors of a structure."""
    return [leaf for leaf in keras.tree.flatten(tree) if is_tensor(leaf)]


def array(tensor: Any) -> Array:
    """A tensor as an array."""
    return np.array(keras.ops.convert_to_numpy(tensor))


class _Tape:
    """Sees every operation. A tensor is known by its object, as long as that lives."""

    def __init__(self, side: KerasElsewhere, recorder: Recorder):
        self.stack = [ROOT]
        self._side = side
        self._path = str(side.path)
        self._recorder = recorder
        self._known: dict[int, tuple[weakref.ref[Any], int]] = {}
        self._layers = names_of(side.layers)
        self._within = False

    @contextmanager
    def running(self) -> Iterator[None]:
        """Follow operations, the weights that are read, and the calls of layers."""
        own_call = keras.layers.Layer.__call__
        with ExitStack() as stack:
            for home, name, function in _functions(self._side.backend):
                stack.enter_context(mock.patch.object(home, name, self._recorded(name, function)))
            stack.enter_context(mock.patch.object(keras.layers.Layer, "__call__", self._followed(own_call)))
            for variable in self._side.found.model.variables:
                self._know(variable.value, self._recorder.leaf(WEIGHT, variable.path, array(variable)))
            yield

    # ------------------------------------------------------------------ calls

    def _followed(self, own: Callable[..., Any]) -> Callable[..., Any]:
        tape = self

        def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
            if layer is tape._side.found.model:
                return own(layer, *args, **kwargs)
            within, tape._within = tape._within, False
            number = tape._enter(layer, args)
            tape.stack.append(number)
            output = own(layer, *args, **kwargs)
            tape.stack.pop()
            tape._recorder.leave(number, tape.numbers(output))
            tape._within = within
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
        if not is_tensor(output) or not self._recorder.wanted.given:
            return output
        with self._unseen():
            act = None if activation is None else lambda one: array(activation(keras.ops.convert_to_tensor(one)))
            found = self._recorder.replacement(call, array(output), act)
            if found is None:
                return output
            replaced = keras.ops.convert_to_tensor(found)
        self._know(replaced, self._number(output))
        if hasattr(output, "_keras_mask"):
            replaced._keras_mask = output._keras_mask
        return replaced

    # ------------------------------------------------------------------ values

    def leaf(self, kind: str, name: str, tensor: Any) -> int:
        """A tensor that no operation made."""
        return self._know(tensor, self._recorder.leaf(kind, name, array(tensor)))

    def numbers(self, tree: Any) -> list[int]:
        """The values in a structure of tensors."""
        return [self._number(item) for item in leaves(tree)]

    def _know(self, tensor: Any, number: int) -> int:
        self._known[id(tensor)] = weakref.ref(tensor), number
        return number

    def _number(self, tensor: Any) -> int:
        found = self._known.get(id(tensor))
        if found is not None and found[0]() is tensor:
            return found[1]
        with self._unseen():
            return self.leaf(CONSTANT, "", tensor)

    def _recorded(self, name: str, own: Callable[..., Any]) -> Callable[..., Any]:
        """One of the backend's functions; what it calls of them itself is part of it."""

        @wraps(own)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self._within:
                return own(*args, **kwargs)
            with self._unseen():
                outputs = own(*args, **kwargs)
                self._seen(name, [*args, *kwargs.values()], outputs)
            return outputs

        return call

    def _seen(self, name: str, given: Sequence[Any], outputs: Any) -> None:
        tensors = [one for one in leaves(outputs) if self._is_new(one)]
        if not tensors:
            return
        known = [one.value if isinstance(one, keras.Variable) else one for one in keras.tree.flatten(given)]
        parents = [self._number(one) for one in known if is_tensor(one)]
        line = calling_line(self._path) or 0
        for tensor in tensors:
            self._know(tensor, self._recorder.value(name, parents, array(tensor), self.stack[-1], line))

    def _is_new(self, tensor: Any) -> bool:
        found = self._known.get(id(tensor))
        return found is None or found[0]() is not tensor

    @contextmanager
    def _unseen(self) -> Iterator[None]:
        within, self._within = self._within, True
        yield
        self._within = within


def _functions(backend: str) -> Iterator[tuple[ModuleType, str, Callable[..., Any]]]:
    """The functions of Keras' backend that compute something, with the modules that keep them."""
    for family in _FAMILIES:
        home = import_module(f"keras.src.backend.{backend}.{family}")
        for name, function in list(vars(home).items()):
            own = inspect.isfunction(function) and function.__module__ == home.__name__
            if own and not name.startswith("_") and name not in _NO_VALUES:
                yield home, name, function
