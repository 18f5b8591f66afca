"""What a Keras side is on any backend: how it is found in a file, built, watched and read."""

from __future__ import annotations

import inspect
import random
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar
from unittest import mock

import keras
import numpy as np

from paragone.calls.sites import Sites
from paragone.frameworks.base import Array, Batch
from paragone.frameworks.common import LOSS_NAMES
from paragone.frameworks.found import Found, SeenLayer
from paragone.frameworks.known_loss import Compute, Penalty
from paragone.frameworks.own_step import handed_step, loss_in, takes_optimizer
from paragone.frameworks.spots import Spot
from paragone.frameworks.tensorflow import places
from paragone.frameworks.tensorflow.calls import watch, watch_one
from paragone.frameworks.tensorflow.finding import given, own_step_of
from paragone.frameworks.tensorflow.optimizing import KerasOptimizing
from paragone.frameworks.tensorflow.plateau import EpochEnds
from paragone.sides.execute import Executed, calling_line

_TRAINING = ("fit", "train_on_batch")


class AnyKerasSide(KerasOptimizing):
    """A compiled `keras.Model`, or one with an optimizer and a loss beside it; a backend supplies the computing."""

    framework: ClassVar[str] = "tensorflow"
    kept: ClassVar[ModuleType | None] = places
    ops: ClassVar[Any]

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        keras.config.set_floatx(self.dtype)
        self.sites = Sites(self.framework, self.ops, line=self.line_of_call)
        self._start: list[Array] = []
        self._ruled = None
        self._epoch_ends = None

    # ------------------------------------------------------------------ what a backend supplies

    @abstractmethod
    def install(self) -> None:
        """Stand in for the functions that layers are made of, as long as the file runs and after it."""

    def seedings(self) -> list[tuple[Any, str]]:
        """The functions by which a file sets a seed: ours stands."""
        return [(keras.utils, "set_random_seed"), (np.random, "seed"), (random, "seed")]

    @abstractmethod
    def _tensor(self, array: Array) -> Any:
        """Floats in the side's dtype, whole numbers as they are."""

    @abstractmethod
    def _run(self, batch: Batch) -> Any:
        """One step, whose native loss it gives."""

    # ------------------------------------------------------------------ finding

    def interesting(self, value: Any) -> bool:
        """Models, losses, optimizers, the callback that lowers the rate, and functions."""
        kinds = (keras.Model, keras.optimizers.Optimizer, keras.losses.Loss, keras.callbacks.ReduceLROnPlateau)
        return isinstance(value, kinds) or inspect.isfunction(value)

    def is_model(self, value: Any) -> bool:
        """Any Keras model."""
        return isinstance(value, keras.Model)

    @contextmanager
    def _patched(self, seed: int) -> Iterator[None]:
        if self.observing:
            self.sites.reset()
            self.install()
        keras.backend.clear_session()
        keras.utils.set_random_seed(seed % 2**32)
        side = self

        def noted(construct: Callable[..., None]) -> Callable[..., None]:
            def constructs(layer: Any, *args: Any, **kwargs: Any) -> None:
                side.lines[id(layer)] = calling_line(str(side.path)) or 0
                construct(layer, *args, **kwargs)

            return constructs

        def refused(*_: Any, **__: Any) -> None:
            raise side.trains_on_import(calling_line(str(side.path)))

        def ignored(*_: Any, **__: Any) -> None:
            return None

        with ExitStack() as stack:
            for kind in (keras.layers.Layer, keras.Operation):
                stack.enter_context(mock.patch.object(kind, "__init__", noted(kind.__init__)))
            for name in _TRAINING:
                stack.enter_context(mock.patch.object(keras.Model, name, refused))
            stack.enter_context(mock.patch.object(keras.optimizers.Optimizer, "apply", refused))
            for module, name in self.seedings():
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
        brought = self.executed.function("train_step", step=True)
        step = own_step_of(brought)
        callbacks = self.executed.of(lambda value: isinstance(value, keras.callbacks.ReduceLROnPlateau))
        scheduler = callbacks[-1].value if callbacks else None
        if model.compiled and model.optimizer is not None:
            own_loss = type(model).compute_loss is not keras.Model.compute_loss
            loss = model.compute_loss if own_loss else model.loss
            return Found(model, loss, model.optimizer, scheduler, step, name)
        optimizers = self.executed.of(lambda value: isinstance(value, keras.optimizers.Optimizer))
        loss = self._loss_object()
        parts = {"model": model, "loss": loss}
        if not optimizers and loss is not None and (step := step or handed_step(brought, parts)):
            model.compile(optimizer=keras.optimizers.SGD(self.rate_by_hand), loss=loss)
            return Found(model, loss, model.optimizer, scheduler, step, name, by_hand=True)
        if not optimizers:
            raise self.missing(
                "optimizer",
                f"a compiled model, or a keras.optimizers.Optimizer beside {name}",
                f'{name}.compile(optimizer="adam", loss=…)',
            )
        optimizer = optimizers[-1].value
        handed = step is None and loss is not None and takes_optimizer(brought) and self.looks_at_steps
        if step is None and (loss is None or handed):
            step = handed_step(brought, {**parts, "optimizer": optimizer})
        if loss is None and step is None:
            raise self.missing("loss", f"a compiled model, or a loss beside {name}", f"{name}.compile(…, loss=…)")
        model.compile(optimizer=optimizer, loss=loss)
        return Found(model, loss, optimizer, scheduler, step, name, handed=handed)

    def _loss_object(self) -> Any:
        objects = self.executed.of(lambda value: isinstance(value, keras.losses.Loss))
        if objects:
            return objects[-1].value
        value = self.executed.function(*LOSS_NAMES)
        return value if callable(value) else None

    # ------------------------------------------------------------------ building

    def settle(self, batch: Batch) -> None:
        """Build, run once in evaluation mode and observe the layers."""
        self._ruled = None
        if not self.observing:
            if not self.found.model.built:
                self.found.model(given(batch), training=False)
            return
        if not self.found.model.built:
            self.found.model(given(batch), training=False)
        watch(self.found.model, self.sites)
        with self.sites.observed() as seen:
            self.run_once(batch)
        self.layers = self.name_layers(seen)
        self.found.optimizer.build(self.found.model.trainable_variables)
        self._snapshot()
        if self.found.scheduler is not None:
            every = 1 if self.scheduler_step == "batch" else -(-self.data.n_train // self.batch_size)
            self._epoch_ends = EpochEnds(self.found.scheduler, self.found.model, every)

    def _snapshot(self) -> None:
        self._start = [self.read(variable) for variable in self.found.optimizer.variables]

    def run_once(self, batch: Batch) -> None:
        """In evaluation mode, eagerly."""
        self.found.model(given(batch), training=False)

    def own_parameters(self, thing: Any) -> list[str]:
        """Variables that a layer of an unknown class made itself."""
        if not isinstance(thing, keras.layers.Layer):  # an operation of a functional model
            return []
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
        beside = self.map.sample_weight if self.map else None
        weight = None if beside is None else targets.pop(beside)
        return Batch([self._tensor(item) for item in x], targets[0] if len(targets) == 1 else targets, weight)

    def replace_loss(self, compute: Compute, penalty: Penalty) -> None:
        """Another `compute_loss` of the model."""
        live = {spot.name: spot.live for spot in self.spots()}

        def compute_loss(x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any) -> Any:
            del x
            loss = compute(keras.tree.flatten(y_pred), keras.tree.flatten(y))
            for name, (l1, l2) in penalty.items():
                value = live[name].value
                loss = loss + l1 * keras.ops.sum(keras.ops.abs(value)) + l2 * keras.ops.sum(keras.ops.square(value))
            return loss

        self.found.model.compute_loss = compute_loss
        if self.step_checked.plain:
            self.found = replace(self.found, step=None)

    def step(self, batch: Batch) -> Any:
        """One step of the function that `fit` calls; returns the loss of this batch, not Keras' running mean."""
        loss = self._run(batch)
        if self._epoch_ends is not None:
            self._epoch_ends.take(self.number(loss))
        return loss

    def number(self, loss: Any) -> float:
        """Wait for a native loss and give its value."""
        loss = loss_in(loss)
        return float("nan") if loss is None else float(loss)

    def timed_own(self, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of the side's own over the batches, in a circle."""
        own = self.found.step
        assert own is not None
        ring = cycle([(given(batch), batch.y) for batch in batches])

        def run(n: int) -> None:
            loss = None
            for x, y in islice(ring, n):
                loss = own(x, y)
            self.number(loss)

        return run

    def write(self, spot: Spot, array: Array) -> None:
        """Assign a weight."""
        spot.live.assign(np.ascontiguousarray(array))

    def set_convention(self, layer: SeenLayer, name: str, value: Any) -> None:
        """Change a convention of a layer that is no attribute of it."""
        call = layer.thing.call
        super().set_convention(layer, name, value)
        if layer.thing.call is not call:
            watch_one(layer.thing, self.sites)

    def native(self) -> dict[str, Any]:
        """Parameters and running statistics by the paths of their variables; a path that comes twice is numbered."""
        found: dict[str, Any] = {}
        for variable in self.found.model.weights:
            if "float" in str(variable.dtype):
                again = sum(name.partition("#")[0] == variable.path for name in found)
                found[f"{variable.path}#{again + 1}" if again else variable.path] = variable
        return found

    def root(self, name: str) -> Any:
        """A layer by its name."""
        return self.found.model.get_layer(name)

    def describe_names(self) -> tuple[str, str, str]:
        """Model, loss and optimizer in words."""
        loss = self.found.loss
        label = loss if isinstance(loss, str) else getattr(loss, "__name__", type(loss).__name__)
        return type(self.found.model).__name__, str(label), type(self.found.optimizer).__name__
