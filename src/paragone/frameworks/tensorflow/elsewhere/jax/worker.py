"""Keras' adapter on JAX."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import keras

from paragone.frameworks.base import Batch
from paragone.frameworks.jax import ops
from paragone.frameworks.tensorflow.elsewhere.jax import loops
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
        self._differentiated: Callable[..., Any] | None = None

    def gradients_of(self, batch: Batch) -> Mapping[int, Any]:
        """Of the function that Keras' own step differentiates."""
        model = self.found.model
        if self._differentiated is None:
            value_and_grad = jax.value_and_grad(model.compute_loss_and_updates, has_aux=True)
            self._differentiated = jax.jit(
                lambda held, *arrays: value_and_grad(*arrays, training=True, optimizer_variables=held)
            )
        optimizer, model_own = model.optimizer.variables, (model.trainable_variables, model.non_trainable_variables)
        held, *state = [[one.value for one in many] for many in (optimizer, *model_own, model.metrics_variables)]
        _, values = self._differentiated(held, *state, given(batch), batch.y, batch.sample_weight)
        return {id(one): value for one, value in zip(model.trainable_variables, values, strict=True)}

    def renew(self) -> None:
        """Trace the step and the gradients anew."""
        self._differentiated = None
        super().renew()

    def version(self) -> str:
        """Version of Keras and JAX."""
        return f"{keras.__version__} on JAX {jax.__version__}"


ADAPTER = KerasOnJax
