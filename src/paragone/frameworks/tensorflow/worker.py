"""Keras' adapter, on the TensorFlow backend: the only module that imports TensorFlow and Keras."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar
from unittest import mock

import keras
import numpy as np
import tensorflow as tf

from paragone.frameworks.base import Array, Batch, Weights
from paragone.frameworks.common import LOSS_NAMES, SideAdapter
from paragone.frameworks.found import Found
from paragone.frameworks.spots import Spot
from paragone.frameworks.stand_in import Gelu
from paragone.frameworks.tensorflow import loops
from paragone.frameworks.tensorflow.adam import epsilon_after
from paragone.frameworks.tensorflow.islands import EXACT, GELU, STAND_INS
from paragone.frameworks.tensorflow.loops import LOOPS
from paragone.frameworks.traits import ISLANDS, island_trait, kind_of_outputs, softmax_trait
from paragone.optimizers import kind_of
from paragone.optimizers.adam import AFTER
from paragone.optimizers.base import OptimizerKind
from paragone.sides.execute import Executed, calling_line

_TRAINING = ("fit", "train_on_batch")


class KerasSide(SideAdapter):
    """A Keras side: a compiled `keras.Model`, or one with an optimizer and a loss beside it."""

    framework: ClassVar[str] = "tensorflow"
    gelu: ClassVar[Gelu] = GELU

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        keras.config.set_floatx(self.dtype)
        if self.threads:
            tf.config.threading.set_intra_op_parallelism_threads(self.threads)
            tf.config.threading.set_inter_op_parallelism_threads(self.threads)
        self._start: list[Array] = []
        self._graphs: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._step: Callable[[Iterator[Any]], Any]

    # ------------------------------------------------------------------ finding

    def interesting(self, value: Any) -> bool:
        """Models, losses, optimizers and functions."""
        kinds = (keras.Model, keras.optimizers.Optimizer, keras.losses.Loss)
        return isinstance(value, kinds) or inspect.isfunction(value) or _is_graph(value)

    def is_model(self, value: Any) -> bool:
        """Any Keras model."""
        return isinstance(value, keras.Model)

    def islands(self) -> list[dict[str, Any]]:
        """Functions with float32 constants that the model calls."""
        if self.dtype != "float64":
            return []
        found = {name: "float32" if STAND_INS[name].called else "float64" for name in ISLANDS}
        return [island_trait(name, value, settable=True) for name, value in found.items()]

    def set_function(self, where: str, name: str, value: Any) -> None:
        """Replace a function by one in the precision of its input, until the side is built anew."""
        if name == "constants":
            STAND_INS[where].function = EXACT[where]
        else:
            super().set_function(where, name, value)

    def loss_traits(self) -> list[dict[str, Any]]:
        """Softmax is applied once, unless a loss of logits is given probabilities."""
        kind = kind_of_outputs(self)
        twice = kind == "probabilities" and bool(getattr(self.found.loss, "from_logits", False))
        return [softmax_trait("twice" if twice else "once", settable=False)] if kind != "values" else []

    @contextmanager
    def _patched(self, seed: int) -> Iterator[None]:
        if self.observing:
            for name, stand_in in STAND_INS.items():
                stand_in.reset()
                stand_in.install(name, tf.nn)
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed % 2**32)
        construct = keras.layers.Layer.__init__
        side = self

        def noted(layer: Any, *args: Any, **kwargs: Any) -> None:
            side.lines[id(layer)] = calling_line(str(side.path)) or 0
            construct(layer, *args, **kwargs)

        def refused(*_: Any, **__: Any) -> None:
            raise side.trains_on_import(calling_line(str(side.path)))

        def ignored(*_: Any, **__: Any) -> None:
            return None

        with ExitStack() as stack:
            stack.enter_context(mock.patch.object(keras.layers.Layer, "__init__", noted))
            for name in _TRAINING:
                stack.enter_context(mock.patch.object(keras.Model, name, refused))
            stack.enter_context(mock.patch.object(keras.optimizers.Optimizer, "apply", refused))
            for module in (keras.utils, tf.keras.utils):
                stack.enter_context(mock.patch.object(module, "set_random_seed", ignored))
            for module, name in ((tf.random, "set_seed"), (np.random, "seed"), (random, "seed")):
                stack.enter_context(mock.patch.object(module, name, ignored))
            yield

    def guarded(self, seed: int) -> AbstractContextManager[None]:
        """While the file runs: our seed stands, constructors note their lines, training is refused."""
        return self._patched(seed)

    def find(self, executed: Executed) -> Found:
        """The model that is compiled; else the only one that is no part of another."""
        models = executed.of(self.is_model)
        inner = {id(part) for item in models for part in item.value._flatten_layers() if part is not item.value}
        outer = [item for item in models if id(item.value) not in inner]
        compiled = [item for item in outer if item.value.compiled]
        model = self.one_model(compiled or outer, "a compiled keras.Model")
        return self.complete(model.value, model.name)

    def complete(self, model: Any, name: str) -> Found:
        """Loss, optimizer and `train_step` for a model; a model that is not compiled is compiled with them."""
        step = _own_step(self.executed.named("train_step"))
        if model.compiled and model.optimizer is not None:
            own_loss = type(model).compute_loss is not keras.Model.compute_loss
            return Found(model, model.compute_loss if own_loss else model.loss, model.optimizer, None, step, name)
        optimizers = self.executed.of(lambda value: isinstance(value, keras.optimizers.Optimizer))
        if not optimizers:
            raise self.missing(
                "optimizer",
                f"a compiled model, or a keras.optimizers.Optimizer beside {name}",
                f'{name}.compile(optimizer="adam", loss=…)',
            )
        loss = self._loss_object()
        if loss is None and step is None:
            raise self.missing("loss", f"a compiled model, or a loss beside {name}", f"{name}.compile(…, loss=…)")
        model.compile(optimizer=optimizers[-1].value, loss=loss)
        return Found(model, loss, optimizers[-1].value, None, step, name)

    def _loss_object(self) -> Any:
        objects = self.executed.of(lambda value: isinstance(value, keras.losses.Loss))
        if objects:
            return objects[-1].value
        value = self.executed.named(*LOSS_NAMES)
        return value if callable(value) else None

    # ------------------------------------------------------------------ building

    def settle(self, batch: Batch) -> None:
        """Build, run once in evaluation mode and observe the layers."""
        if not self.observing:
            if not self.found.model.built:
                self.found.model(_given(batch), training=False)
            return
        seen: list[tuple[Any, tuple[int, ...], tuple[int, ...]]] = []
        call = keras.layers.Layer.__call__

        def noted(layer: Any, *args: Any, **kwargs: Any) -> Any:
            output = call(layer, *args, **kwargs)
            seen.append((layer, _shape(args), _shape(output)))
            return output

        with mock.patch.object(keras.layers.Layer, "__call__", noted):
            self.found.model(_given(batch), training=False)
        self.layers = self.name_layers(seen)
        self.found.optimizer.build(self.found.model.trainable_variables)
        self._snapshot()

    def _snapshot(self) -> None:
        self._start = [self.read(variable) for variable in self.found.optimizer.variables]

    def own_parameters(self, thing: Any) -> list[str]:
        """Variables that a layer of an unknown class made itself."""
        own = {id(variable) for variable in [*thing._trainable_variables, *thing._non_trainable_variables]}
        return [name for name, value in vars(thing).items() if id(value) in own]

    def layers_expected(self) -> str:
        """The model's input shape, where it has one."""
        try:
            shape = self.found.model.input_shape
        except (AttributeError, ValueError):
            return ""
        return str(shape).replace("None", "batch", 1)

    # ------------------------------------------------------------------ computing

    def batch(self, x: Sequence[Array], y: Sequence[Array]) -> Batch:
        """Floats in the side's dtype, whole numbers as they are."""
        targets = [self._tensor(item) for item in y]
        return Batch([self._tensor(item) for item in x], targets[0] if len(targets) == 1 else targets)

    def _tensor(self, array: Array) -> Any:
        return tf.constant(array, dtype=self.dtype if array.dtype.kind == "f" else None)

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        return [self.read(item) for item in tf.nest.flatten(self.found.model(_given(batch), training=False))]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, as `fit` computes it."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        return self.number(self._graphed(self._loss_of)(_given(batch), batch.y))

    def _loss_of(self, x: Any, y: Any) -> Any:
        model = self.found.model
        return model.compute_loss(x=x, y=y, y_pred=model(x, training=True), training=True)

    def _graphed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """As a graph, as `fit` runs it: Keras finds the logits behind `tf.nn.softmax` only there."""
        if self.found.model.run_eagerly:
            return function
        if function not in self._graphs:
            self._graphs[function] = tf.function(function, reduce_retracing=True)
        return self._graphs[function]

    def gradients(self, batch: Batch) -> Weights:
        """Gradient by parameter, zero for a frozen one; none for a side that has only its own step."""
        if self.found.loss is None:
            return {}
        values = self._graphed(self._gradients_of)(_given(batch), batch.y)
        pairs = zip([spot for spot in self.spots() if spot.trainable], values, strict=True)
        return {spot.name: spot.to(self.read(value) * bool(spot.live.trainable)).copy() for spot, value in pairs}

    def _gradients_of(self, x: Any, y: Any) -> list[Any]:
        variables = [spot.live.value for spot in self.spots() if spot.trainable]
        with tf.GradientTape() as tape:
            loss = self._loss_of(x, y)
        values = tape.gradient(loss, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return [tf.convert_to_tensor(value) for value in values]

    def step(self, batch: Batch) -> Any:
        """One step of the function that `fit` calls; returns the loss of this batch, not Keras' running mean."""
        return self._run(batch)

    def _run(self, batch: Batch) -> Any:
        if self.found.step is not None:
            return self.found.step(_given(batch), batch.y)
        self.found.model._loss_tracker.reset_state()
        return self._step(iter([(_given(batch), batch.y)]))

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        return float("nan") if loss is None else float(loss)

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        if self.found.step is not None:
            return self._timed_own(batches)
        step = LOOPS[track](self.found.model)
        pairs = [(_given(batch), batch.y) for batch in batches]
        stacked = tf.nest.map_structure(lambda *items: tf.stack(items), *pairs)
        iterator = iter(tf.data.Dataset.from_tensor_slices(stacked).repeat())

        def run(n: int) -> None:
            loss = None
            for _ in range(n):
                loss = step(iterator)
            self.number(loss)

        return run

    def _timed_own(self, batches: Sequence[Batch]) -> Callable[[int], None]:
        own = self._own_step()
        ring = cycle([(_given(batch), batch.y) for batch in batches])

        def run(n: int) -> None:
            loss = None
            for x, y in islice(ring, n):
                loss = own(x, y)
            self.number(loss)

        return run

    def _own_step(self) -> Callable[..., Any]:
        assert self.found.step is not None
        return self.found.step

    def read(self, tensor: Any) -> Array:
        """A tensor or variable as an array."""
        return np.asarray(tensor.numpy())

    def write(self, spot: Spot, array: Array) -> None:
        """Assign a weight."""
        spot.live.assign(np.ascontiguousarray(array))

    def nudge(self, noise: np.random.Generator) -> None:
        """One unit in the last place, on the bits, all weights in one call."""
        self._graphed(self._nudge)(tf.constant(noise.integers(2**31, size=2), tf.int64))

    def _nudge(self, seed: Any) -> None:
        whole = tf.int64 if self.dtype == "float64" else tf.int32
        for number, variable in enumerate(self.live()):
            signs = tf.random.stateless_uniform(variable.shape, seed + number, 0, 2, whole)
            moves = tf.where(variable.value == 0, tf.ones_like(signs), 2 * signs - 1)
            variable.assign(tf.bitcast(tf.bitcast(variable.value, whole) + moves, variable.value.dtype))

    # ------------------------------------------------------------------ the optimizer

    def renew(self) -> None:
        """Trace the train function anew."""
        self._graphs.clear()
        if self.found.step is None:
            self._step = LOOPS["idiomatic"](self.found.model)

    def fresh_optimizer(self) -> None:
        """The optimizer's variables as they were before the first step."""
        for variable, start in zip(self.found.optimizer.variables, self._start, strict=True):
            variable.assign(start)

    def optimizer_classes(self) -> list[str]:
        """Class names along the MRO; of an optimizer with an update of its own, its name alone."""
        kinds = type(self.found.optimizer).__mro__
        own = "update_step" in vars(kinds[0]) and not kinds[0].__module__.startswith("keras.")
        return [kinds[0].__name__] if own else [parent.__name__ for parent in kinds]

    def root(self, name: str) -> Any:
        """A layer by its name."""
        return self.found.model.get_layer(name)

    def optimizer_kind(self) -> OptimizerKind | None:
        """By class name."""
        return kind_of(self.optimizer_classes(), self.framework)

    def get_optimizer(self, place: str) -> Any:
        """An attribute; None for a schedule, which is no number."""
        value = getattr(self.found.optimizer, "_learning_rate" if place == "learning_rate" else place, None)
        if isinstance(value, keras.Variable):
            return float(value.numpy())
        return value if isinstance(value, (bool, int, float)) else None

    def set_optimizer(self, name: str, place: str, value: Any) -> None:
        """Set an attribute, or a convention that is none."""
        optimizer = self.found.optimizer
        if name == "epsilon_place":
            if value == AFTER:
                epsilon_after(optimizer)
        elif name == "beta_precision":
            if value == "float64":
                optimizer.beta_1, optimizer.beta_2 = np.float64(optimizer.beta_1), np.float64(optimizer.beta_2)
        elif name == "momentum_precision":
            if value == "float64":
                optimizer.momentum = np.float64(optimizer.momentum)
        else:
            setattr(optimizer, place, value)
            self._snapshot()

    def loops(self) -> ModuleType:
        """The canonical loops."""
        return loops

    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""
        loss = self.found.loss
        label = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
        return type(self.found.model).__name__, str(label), type(self.found.optimizer).__name__

    def version(self) -> str:
        """Version of Keras and TensorFlow."""
        return f"{keras.__version__} on TensorFlow {tf.__version__}"


def _given(batch: Batch) -> Any:
    return batch.x[0] if len(batch.x) == 1 else batch.x


def _is_graph(value: Any) -> bool:
    return isinstance(value, tf.types.experimental.PolymorphicFunction)


def _own_step(value: Any) -> Callable[..., Any] | None:
    plain = getattr(value, "python_function", value)
    if not inspect.isfunction(plain):
        return None
    needed = [p for p in inspect.signature(plain).parameters.values() if p.default is p.empty]
    step: Callable[..., Any] = value
    return step if len(needed) == 2 else None


def _shape(value: Any) -> tuple[int, ...]:
    flat = [item for item in tf.nest.flatten(value) if hasattr(item, "shape")]
    return tuple(int(axis) for axis in flat[0].shape[1:]) if flat else ()


ADAPTER = KerasSide
