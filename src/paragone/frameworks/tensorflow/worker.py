"""Keras' adapter, on the TensorFlow backend. Only modules of this folder import TensorFlow and Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import keras
import numpy as np
import tensorflow as tf

from paragone.calls import install as stand_ins
from paragone.frameworks.base import Array, Batch, Lazily
from paragone.frameworks.known_optimizer import Ruled
from paragone.frameworks.spots import Spot
from paragone.frameworks.tensorflow import loops, ops
from paragone.frameworks.tensorflow.conventions import CONVENTIONS, measured
from paragone.frameworks.tensorflow.finding import as_tuples, fitted, given
from paragone.frameworks.tensorflow.generated import leave_no_files
from paragone.frameworks.tensorflow.graphs import Graphs, is_graph, is_plain, is_share
from paragone.frameworks.tensorflow.islands import EXACT, STAND_INS
from paragone.frameworks.tensorflow.loops import LOOPS
from paragone.frameworks.tensorflow.numbers import TensorflowNumbers
from paragone.frameworks.tensorflow.ruled import RuledOptimizer
from paragone.frameworks.tensorflow.side import AnyKerasSide
from paragone.meaning.forms.base import Numbers


class KerasSide(AnyKerasSide):
    """A Keras side on TensorFlow."""

    ops: ClassVar[ModuleType] = ops
    numbers: ClassVar[Numbers] = TensorflowNumbers()
    measured, conventions = staticmethod(measured), CONVENTIONS
    stand_ins, exact = STAND_INS, EXACT

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        leave_no_files()
        if self.threads:
            tf.config.threading.set_intra_op_parallelism_threads(self.threads)
            tf.config.threading.set_inter_op_parallelism_threads(self.threads)
        self._share: bool | None = None
        self._graphs = Graphs()
        self._step: Callable[[Iterator[Any]], Any]
        self._by_operation: Callable[[Iterator[Any]], Any]

    def install(self) -> None:
        """Functions of TensorFlow and of Keras' backend."""
        for name, stand_in in STAND_INS.items():
            stand_in.reset()
            stand_in.install(name, tf.nn)
        stand_ins.install(self.sites, tf.autograph.experimental.do_not_convert)

    def seedings(self) -> list[tuple[Any, str]]:
        """Also those of TensorFlow."""
        return [*super().seedings(), (tf.keras.utils, "set_random_seed"), (tf.random, "set_seed")]

    def interesting(self, value: Any) -> bool:
        """Also a `tf.function`."""
        return super().interesting(value) or is_graph(value)

    def held(self, value: Any) -> Callable[[], None] | None:
        """A variable that a file made itself, also one of TensorFlow."""
        if not isinstance(value, tf.Variable):
            return super().held(value)
        kept = tf.identity(value)
        return lambda: value.assign(kept)

    def ruled(self, ruled: Ruled) -> RuledOptimizer:
        """What is kept lies in variables of TensorFlow's own, which go with the rule."""
        return RuledOptimizer(self.found.optimizer, ruled, self.numbers, _filled)

    # ------------------------------------------------------------------ computing

    def _tensor(self, array: Array) -> Any:
        return tf.constant(array, dtype=self.dtype if array.dtype.kind == "f" else None)

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode."""
        return [self.read(item) for item in tf.nest.flatten(self.found.model(given(batch), training=False))]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, as `fit` computes it."""
        if self.found.loss is None:
            return self.number(self._run(batch))
        return self.number(self._graphed(self._loss_of, fitted(batch)))

    def _loss_of(self, x: Any, y: Any, sample_weight: Any = None) -> Any:
        model = self.found.model
        y_pred = model(x, training=True)
        return model.compute_loss(x=x, y=y, y_pred=y_pred, sample_weight=sample_weight, training=True)

    def _graphed(self, function: Callable[..., Any], batch: Sequence[Any]) -> Any:
        """Of a function as a graph, as `fit` runs it: Keras finds the logits behind `tf.nn.softmax` only there."""
        return function(*batch) if self.found.model.run_eagerly else self._graphs.on_batches(function, batch)

    def judged(self, batch: Batch) -> tuple[list[Array], float]:
        """Outputs and their loss in evaluation mode."""
        outputs, loss = self._graphed(self._judged, (given(batch), batch.y))
        return [self.read(item) for item in outputs], self.number(loss)

    def _judged(self, x: Any, y: Any) -> tuple[list[Any], Any]:
        model = self.found.model
        outputs = model(x, training=False)
        return tf.nest.flatten(outputs), model.compute_loss(x=x, y=y, y_pred=outputs, training=False)

    def gradients(self, batch: Batch) -> Mapping[str, Array]:
        """Gradient by parameter, zero for a frozen one; none for a side that has only its own step."""
        if self.found.loss is None:
            return {}
        values = self._graphed(self._gradients_of, fitted(batch))
        pairs = zip([spot for spot in self.spots() if spot.trainable], values, strict=True)
        return Lazily({spot.name: partial(self._gradient, spot, value) for spot, value in pairs})

    def _gradient(self, spot: Spot, value: Any) -> Array:
        return spot.to(self.read(value) * bool(spot.live.trainable)).copy()

    def _gradients_of(self, *batch: Any) -> list[Any]:
        variables = [spot.live.value for spot in self.spots() if spot.trainable]
        with tf.GradientTape() as tape:
            loss = self._loss_of(*batch)
        values = tape.gradient(loss, variables, unconnected_gradients=tf.UnconnectedGradients.ZERO)
        return [tf.convert_to_tensor(value) for value in values]

    def _run(self, batch: Batch) -> Any:
        if self.found.step is not None:
            return self.found.step(given(batch), batch.y)
        self.found.model.reset_metrics()  # the running means of Keras, and of a train_step of the model's own
        return self._graphs.step(self._step, self._by_operation, fitted(batch))

    def timed(self, track: str, batches: Sequence[Batch]) -> Callable[[int], None]:
        """Runs so many steps of a track over the batches, in a circle."""
        if self.found.step is not None:
            return self.timed_own(batches)
        step = LOOPS[track](self.found.model)
        stacked = tf.nest.map_structure(lambda *items: tf.stack(items), *map(fitted, batches))
        iterator = iter(tf.data.Dataset.from_tensor_slices(as_tuples(stacked)).repeat())

        def run(n: int) -> None:
            loss = None
            for _ in range(n):
                loss = step(iterator)
            self.number(loss)

        return run

    def read(self, tensor: Any) -> Array:
        """A tensor or variable as an array."""
        return np.asarray(tensor.numpy())

    def nudge(self, noise: np.random.Generator) -> None:
        """One unit in the last place, on the bits, all weights in one call."""
        self._graphs.of(self._nudge)(tf.constant(noise.integers(2**31, size=2), tf.int64))

    def _nudge(self, seed: Any) -> None:
        whole = tf.int64 if self.dtype == "float64" else tf.int32
        for number, variable in enumerate(self.live()):
            signs = tf.random.stateless_uniform(variable.shape, seed + number, 0, 2, whole)
            moves = tf.where(variable.value == 0, tf.ones_like(signs), 2 * signs - 1)
            variable.assign(tf.bitcast(tf.bitcast(variable.value, whole) + moves, variable.value.dtype))

    # ------------------------------------------------------------------ the optimizer

    def renew(self) -> None:
        """Trace the train function anew."""
        self._graphs = Graphs(len(self.layers), self._same_by_operation)
        if self.found.step is None:
            self._by_operation = loops.by_operation(self.found.model)
            self._step = LOOPS["idiomatic"](self.found.model)

    def _same_by_operation(self) -> bool:
        """Keras finds the logits behind probabilities only in a graph."""
        if self._share is None:
            self._share = any(is_share(output) for output in self.head_outputs())
        return is_plain(self.found.model) and not self._share and self.output_became != "probabilities"

    def loops(self) -> ModuleType:
        """The canonical loops."""
        return loops

    def version(self) -> str:
        """Version of Keras and TensorFlow."""
        return f"{keras.__version__} on TensorFlow {tf.__version__}"


def _filled(variable: Any, value: float) -> Any:
    return tf.Variable(tf.fill(variable.shape, tf.constant(value, variable.dtype)))


ADAPTER = KerasSide
