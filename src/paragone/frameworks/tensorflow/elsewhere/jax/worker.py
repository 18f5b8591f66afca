"""Keras' adapter on JAX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import ModuleType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import keras

from paragone.frameworks.base import Array, Batch
from paragone.frameworks.jax import ops
from paragone.frameworks.tensorflow.elsewhere.jax import attention, loops
from paragone.frameworks.tensorflow.elsewhere.ops import on
from paragone.frameworks.tensorflow.elsewhere.side import KerasElsewhere
from paragone.frameworks.tensorflow.finding import given
from paragone.meaning.forms.base import Numbers
from paragone.meaning.numpy_numbers import NumpyNumbers


class KerasOnJax(KerasElsewhere):
    """A Keras side on JAX."""

    backend: ClassVar[str] = "jax"
    ops: ClassVar[Any] = on(ops)
    numbers: ClassVar[Numbers] = NumpyNumbers(jnp)
    looping: ClassVar[ModuleType] = loops

    def __init__(self, spec: Any, data: Any):
        super().__init__(spec, data)
        jax.config.update("jax_enable_x64", self.dtype == "float64")
        attention.keep_float64(kept=self.dtype == "float64")
        self._compiled: dict[str, Callable[..., Any]] = {}

    def outputs(self, batch: Batch) -> list[Array]:
        """Outputs in evaluation mode; compiled, since a loop that is called by itself is compiled at each call."""
        if not self.sites.idle:  # a change may look at a call while it is made
            return super().outputs(batch)
        called = self._once("outputs", lambda: partial(self.found.model.stateless_call, training=False))
        _, model_own, others, _ = self._state()
        outputs, *_ = called(model_own, others, given(batch))
        return [self.read(item) for item in keras.tree.flatten(outputs)]

    def loss(self, batch: Batch) -> float:
        """Training loss of the batch, as `fit` computes it."""
        if self.found.loss is None or not self.sites.idle:
            return super().loss(batch)
        called = self._once("loss", lambda: _training(self.found.model.compute_loss_and_updates))
        loss, _ = called(*self._state(), given(batch), batch.y, batch.sample_weight)
        return self.number(loss)

    def gradients_of(self, batch: Batch) -> Mapping[int, Any]:
        """Of the function that Keras' own step differentiates."""
        model = self.found.model
        called = self._once(
            "gradients", lambda: _training(jax.value_and_grad(model.compute_loss_and_updates, has_aux=True))
        )
        _, values = called(*self._state(), given(batch), batch.y, batch.sample_weight)
        return {id(one): value for one, value in zip(model.trainable_variables, values, strict=True)}

    def _state(self) -> list[list[Any]]:
        """What the optimizer and the model keep: its own variables, the others, and those of its metrics."""
        model = self.found.model
        own = (model.trainable_variables, model.non_trainable_variables, model.metrics_variables)
        return [[one.value for one in many] for many in (model.optimizer.variables, *own)]

    def _once(self, name: str, make: Callable[[], Callable[..., Any]]) -> Callable[..., Any]:
        """A function that is compiled until the side changes."""
        if name not in self._compiled:
            self._compiled[name] = jax.jit(make())
        return self._compiled[name]

    def renew(self) -> None:
        """Trace the step and everything else anew."""
        self._compiled.clear()
        super().renew()

    def version(self) -> str:
        """Version of Keras and JAX."""
        return f"{keras.__version__} on JAX {jax.__version__}"


def _training(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function of Keras' own step, with the optimizer's variables first."""
    return lambda held, *arrays: function(*arrays, training=True, optimizer_variables=held)


ADAPTER = KerasOnJax
