"""A Keras side on a backend that is not TensorFlow's: through Keras' own functions, which are those of every backend.

There are no graphs of functions to be made: PyTorch computes by operation, and on JAX Keras compiles the training step
by itself (keras/src/backend/jax/trainer.py, Keras 3.15).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from itertools import cycle, islice
from types import ModuleType
from typing import Any, ClassVar

import keras
import numpy as np
from keras.src.backend.common import dtypes

from paragone.calls import install as stand_ins
from paragone.frameworks.base import Array, Batch, Lazily
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.spots import Spot
from paragone.frameworks.tensorflow.conventions import measured
from paragone.frameworks.tensorflow.finding import fitted, given
from paragone.frameworks.tensorflow.ruled import RuledOptimizer
from paragone.frameworks.tensorflow.side import AnyKerasSide
from paragone.optimizers.base import PRECISION

_PROMOTED = dtypes.BIT64_TO_BIT32_DTYPE
_AS_SHIPPED = _PROMOTED["float64"]
_HOME = "keras.src.backend.tensorflow."


def keep_float64(*, kept: bool) -> None:
    """Products of float64 are of float64, or what Keras makes of them.

    On every backend but TensorFlow's Keras computes `matmul` and others of two float64 tensors in float32, whatever
    `keras.config.floatx` is (`BIT64_TO_BIT32_DTYPE` of keras/src/backend/common/dtypes.py, Keras 3.15). In float32 the
    rule is never asked for float64, so that a side computes there as it always does.
    """
    _PROMOTED["float64"] = "float64" if kept else _AS_SHIPPED


def _each(optimizer: Any, gradients: Sequence[Any], variables: Sequence[Any], learning_rate: Any) -> None:
    """Weight after weight, as on TensorFlow: Keras' optimizers for PyTorch update all at once, by a rule of their own.

    `TorchParallelOptimizer` of keras/src/backend/torch/optimizers/torch_parallel_optimizer.py (Keras 3.15).
    """
    for gradient, variable in zip(gradients, variables, strict=True):
        optimizer.update_step(gradient, variable, learning_rate)


class KerasElsewhere(AnyKerasSide):
    """A Keras side on another backend."""

    measured = staticmethod(measured)
    backend: ClassVar[str]
    looping: ClassVar[ModuleType]
    """The module of its canonical loops."""

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        keep_float64(kept=self.dtype == "float64")

    def install(self) -> None:
        """Functions of Keras' backend; they are called alike on every one."""
        stand_ins.install(self.sites, place_of=self._place_of)

    def _place_of(self, place: str) -> str:
        if place.startswith(_HOME):
            return f"keras.src.backend.{self.backend}.{place.removeprefix(_HOME)}"
        return "" if place.startswith("tensorflow.") else place

    # ------------------------------------------------------------------ what a backend supplies

    def quietly(self) -> AbstractContextManager[Any]:
        """Around what needs no gradients."""
        return nullcontext()

    @abstractmethod
    def gradients_of(self, batch: Batch) -> Mapping[int, Any]:
        """The gradient of the training loss by the id of the variable."""

    # ------------------------------------------------------------------ computing

    def _tensor(self, array: Array) -> Any:
        return keras.ops.convert_to_tensor(array, dtype=self.dtype if array.dtype.kind == "f" else None)

    def run_once(self, batch: Batch) -> None:
        """In evaluation mode."""
        with self.quietly():
            super().run_once(batch)

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        with self.quietly():
            return [self.read(item) for item in keras.tree.flatten(self.found.model(given(batch), training=False))]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, as `fit` computes it."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        with self.quietly():
            return self.number(self.loss_of(batch))

    def loss_of(self, batch: Batch) -> Any:
        """The native loss in training mode."""
        model, x = self.found.model, given(batch)
        y_pred = model(x, training=True)
        return model.compute_loss(x=x, y=batch.y, y_pred=y_pred, sample_weight=batch.sample_weight, training=True)

    def judged(self, batch: Batch) -> tuple[list[Array], float]:
        """Outputs and their loss in evaluation mode."""
        model, x = self.found.model, given(batch)
        with self.quietly():
            outputs = model(x, training=False)
            loss = model.compute_loss(x=x, y=batch.y, y_pred=outputs, training=False)
            return [self.read(item) for item in keras.tree.flatten(outputs)], self.number(loss)

    def gradients(self, batch: Batch) -> Mapping[str, Array]:
        """Gradient by parameter, zero for a frozen one; none for a side that has only its own step."""
        if self.found.loss is None:
            return {}
        found = self.gradients_of(batch)
        spots = [spot for spot in self.spots() if spot.trainable]
        return Lazily({spot.name: partial(self._gradient, spot, found.get(id(spot.live))) for spot in spots})

    def _gradient(self, spot: Spot, value: Any) -> Array:
        if value is None or not spot.live.trainable:
            return spot.to(np.zeros(spot.live.shape, self.dtype)).copy()
        return spot.to(self.read(value)).copy()

    def _run(self, batch: Batch) -> Any:
        if self.found.step is not None:
            return self.found.step(given(batch), batch.y)
        self.found.model.reset_metrics()  # the running means of Keras, and of a train_step of the model's own
        x, y, *weight = fitted(batch)
        return self.found.model.train_on_batch(x, y, weight[0] if weight else None, return_dict=True)["loss"]

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        if self.found.step is not None:
            return self.timed_own(batches)
        steps, ring = self.looping.LOOPS[track](self.found.model), cycle([fitted(batch) for batch in batches])
        return lambda n: self.looping.taken(steps, islice(ring, n))

    def read(self, tensor: Any) -> Array:
        """A tensor or variable as an array of its own: the next step may overwrite what a backend hands over."""
        return np.array(keras.ops.convert_to_numpy(tensor))

    def nudge(self, noise: np.random.Generator) -> None:
        """One unit in the last place, on the bits."""
        whole: Any = np.int64 if self.dtype == "float64" else np.int32
        for variable in self.live():
            array = self.read(variable)
            signs = noise.integers(0, 2, array.shape, dtype=whole)
            moves = np.where(array == 0, whole(1), 2 * signs - 1).astype(whole)
            variable.assign((array.view(whole) + moves).view(array.dtype))

    # ------------------------------------------------------------------ the optimizer

    def renew(self) -> None:
        """Make the train function anew."""
        if self.found.step is None:
            self.found.model.make_train_function(force=True)

    def get_optimizer(self, place: str, group: int = 0) -> Any:
        """As on TensorFlow, but that Python's own numbers go into float64 as they are, and not through float32."""
        return "float64" if place.startswith(PRECISION) else super().get_optimizer(place, group)

    def ruled(self, ruled: Ruled) -> RuledOptimizer:
        """What is kept lies in variables of the optimizer's, without which a compiled step would not return them."""
        optimizer = self.found.optimizer

        def slot(variable: Any, value: float) -> Any:
            made = optimizer.add_variable_from_reference(variable, name="ruled")
            made.assign(keras.ops.full(made.shape, value, made.dtype))
            return made

        made = RuledOptimizer(optimizer, ruled, self.numbers, slot)
        self._start += [self.read(variable) for variable in optimizer.variables[len(self._start) :]]
        optimizer._backend_update_step = partial(_each, optimizer)
        return made

    def loops(self) -> ModuleType:
        """The canonical loops."""
        return self.looping
