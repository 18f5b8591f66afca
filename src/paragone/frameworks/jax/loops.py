"""The canonical training loops of Flax NNX, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import optax
from flax import nnx


def watched(optimizer: Any, loss: Any) -> dict[str, Any]:
    """The loss, for an optimizer with a transformation such as `optax.contrib.reduce_on_plateau` that may take it."""
    return {"value": loss} if isinstance(optimizer.tx, optax.GradientTransformationExtraArgs) else {}


def plain(model: Any, loss_fn: Callable[..., Any], optimizer: Any) -> Callable[[Any, Any], Any]:
    """The same step as `idiomatic`, not compiled: for the first steps of a deep model, which cost less than XLA."""

    def train_step(x: Any, y: Any) -> Any:
        loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
        optimizer.update(model, grads, **watched(optimizer, loss))
        return loss

    return train_step


def idiomatic(model: Any, loss_fn: Callable[..., Any], optimizer: Any) -> Callable[[Any, Any], Any]:
    """The jitted step of Flax NNX's own guides."""

    @nnx.jit
    def train_step(model: Any, optimizer: Any, x: Any, y: Any) -> Any:
        loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
        optimizer.update(model, grads, **watched(optimizer, loss))
        return loss

    return lambda x, y: train_step(model, optimizer, x, y)


def tuned(model: Any, loss_fn: Callable[..., Any], optimizer: Any) -> Callable[[Any, Any], Any]:
    """The functional form: the module is split once, and `jax.jit` reuses the memory of the old state."""
    graph, state = nnx.split((model, optimizer))

    def train_step(state: Any, x: Any, y: Any) -> Any:
        model, optimizer = nnx.merge(graph, state)
        loss, grads = nnx.value_and_grad(loss_fn)(model, x, y)
        optimizer.update(model, grads, **watched(optimizer, loss))
        return loss, nnx.state((model, optimizer))

    jitted = jax.jit(train_step, donate_argnums=0)

    def step(x: Any, y: Any) -> Any:
        nonlocal state
        loss, state = jitted(state, x, y)
        return loss

    return step


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}


def infer(model: Any) -> Callable[[Any], Any]:
    """The jitted call of Flax NNX's own guides, in evaluation mode."""
    model.eval()

    @nnx.jit
    def call(model: Any, x: Any) -> Any:
        return model(*x)

    return lambda x: jax.device_get(call(model, x))


def infer_tuned(model: Any) -> Callable[[Any], Any]:
    """The functional form: the module is split once, and `jax.jit` is given its arrays."""
    model.eval()
    graph, state = nnx.split(model)
    call = jax.jit(lambda state, x: nnx.merge(graph, state)(*x))
    return lambda x: jax.device_get(call(state, x))


INFERENCE = {"idiomatic": infer, "tuned": infer_tuned}
