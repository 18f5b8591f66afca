"""The loops of sides in plain JAX, one for each track: `jax.jit` of a function that is handed trees of arrays."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import jax
import optax

from paragone.frameworks.jax.loops import PIPELINES, PRECISIONS, Stepping, epochs, product, training
from paragone.frameworks.jax.trees.model import TreeModel
from paragone.frameworks.jax.trees.states import States

__all__ = ["INFERENCE", "LOOPS", "PIPELINES", "PRECISIONS", "STEPPING", "epochs", "product", "training"]


def stepping(model: TreeModel, loss_fn: Callable[..., Any], optimizer: Any, donated: tuple[int, ...] = ()) -> Stepping:
    """The step of a track, and what puts its state back into model and optimizer."""
    tx, params, states = optax.with_extra_args_support(optimizer.tx), model.tree(), States(model, optimizer)
    opt_state, carried = states.given(), model.carried()

    def train_step(params: Any, opt_state: Any, carried: Any, x: Any, y: Any) -> Any:
        def loss_of(params: Any) -> Any:
            bound = model.bound(params, carried)
            return loss_fn(bound, x, y), bound.carried()

        (loss, carried), grads = jax.value_and_grad(loss_of, has_aux=True)(params)
        updates, opt_state = tx.update(grads, opt_state, params, value=loss)
        return optax.apply_updates(params, updates), opt_state, carried, loss

    jitted = jax.jit(train_step, donate_argnums=donated)

    def step(x: Any, y: Any) -> Any:
        nonlocal params, opt_state, carried
        params, opt_state, carried, loss = jitted(params, opt_state, carried, x, y)
        return loss

    def settle() -> None:
        model.take(params)
        model.keep(carried)
        states.keep(opt_state)

    return step, settle


@wraps(stepping)  # whose text the report shows
def idiomatic(model: TreeModel, loss_fn: Callable[..., Any], optimizer: Any) -> Callable[[Any, Any], Any]:
    """The jitted step of Optax' own guides."""
    return stepping(model, loss_fn, optimizer)[0]


@wraps(stepping)
def tuned(model: TreeModel, loss_fn: Callable[..., Any], optimizer: Any) -> Callable[[Any, Any], Any]:
    """The same, and `jax.jit` reuses the memory of the old state."""
    return stepping(model, loss_fn, optimizer, donated=(0, 1, 2))[0]


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}
STEPPING = {
    "idiomatic": stepping,
    "tuned": lambda model, loss_fn, optimizer: stepping(model, loss_fn, optimizer, donated=(0, 1, 2)),
}


def infer(model: TreeModel) -> Callable[[Any], Any]:
    """The jitted function of the tree, in evaluation mode."""
    params, carried = model.tree(), model.carried()
    call = jax.jit(lambda params, carried, x: model.outputs(params, carried, x, training=False)[0])
    return lambda x: jax.device_get(call(params, carried, x))


INFERENCE = {"idiomatic": infer, "tuned": infer}
