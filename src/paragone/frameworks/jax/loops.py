"""The canonical training loops of Flax NNX, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from paragone.frameworks.base import Array, Batch, Training
from paragone.frameworks.base import orders as random_orders
from paragone.frameworks.jax.precision import PRECISIONS

__all__ = ["INFERENCE", "LOOPS", "PIPELINES", "PRECISIONS", "STEPPING"]

Stepping = tuple[Callable[[Any, Any], Any], Callable[[], None]]
"""A step, and what puts the state that it keeps back into model and optimizer."""


def watched(optimizer: Any, loss: Any) -> dict[str, Any]:
    """The loss, for an optimizer with a transformation such as `optax.contrib.reduce_on_plateau` that may take it."""
    return {"value": loss} if isinstance(optimizer.tx, optax.GradientTransformationExtraArgs) else {}


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
    return functional(model, loss_fn, optimizer)[0]


def functional(model: Any, loss_fn: Callable[..., Any], optimizer: Any) -> Stepping:
    """The step of `tuned`, and what puts its state back into model and optimizer."""
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

    return step, lambda: nnx.update((model, optimizer), state)


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}
STEPPING: dict[str, Callable[..., Stepping]] = {
    "idiomatic": lambda *parts: (idiomatic(*parts), lambda: None),
    "tuned": functional,
}


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


class Rows:
    """Rows of NumPy arrays, brought to the device batch by batch, as written sides do it."""

    def __init__(self, arrays: Sequence[Any], batch_size: int, orders: Iterator[Array]):
        self._arrays, self._batch_size, self._orders = [np.asarray(array) for array in arrays], batch_size, orders

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in the next of the orders."""
        for rows in _full(next(self._orders), self._batch_size):
            yield [jnp.asarray(array[rows]) for array in self._arrays]


class Taken:
    """Rows of arrays on the device, all inputs and targets of a batch taken by one jitted call."""

    def __init__(self, arrays: Sequence[Any], batch_size: int, orders: Iterator[Array]):
        self._arrays, self._batch_size, self._orders = list(arrays), batch_size, orders
        self._take = jax.jit(lambda arrays, rows: [array[rows] for array in arrays])

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in the next of the orders."""
        for rows in _full(next(self._orders), self._batch_size):
            yield self._take(self._arrays, rows)


def _full(order: Array, batch_size: int) -> Iterator[Array]:
    """The rows of each batch; those that fill no last batch are left out."""
    for start in range(0, len(order) - batch_size + 1, batch_size):
        yield order[start : start + batch_size]


Pipeline = Callable[[Sequence[Any], int, Iterator[Array]], Iterable[Sequence[Any]]]
PIPELINES: dict[str, Pipeline] = {"idiomatic": Rows, "tuned": Taken}


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, with or without a step for each."""
    arrays, taken = _arrays(whole)
    pipeline = PIPELINES[track](arrays, side.batch_size, random_orders(len(arrays[0]), 0))
    step = side.step_of(track)

    def run(n: int) -> None:
        last: Any = None
        for _ in range(n):
            for batch in pipeline:
                last = step(*taken(batch)) if compute else batch
        jax.block_until_ready(last)

    return run


def training(side: Any, track: str, whole: Batch, orders: Iterator[Array]) -> Training:
    """Trains over the training set in these orders; schedules are in the optimizer."""
    arrays, taken = _arrays(whole)
    pipeline = PIPELINES[track](arrays, side.batch_size, orders)
    step, settle = side.stepping(track)

    def epoch() -> None:
        loss: Any = None
        for batch in pipeline:
            loss = step(*taken(batch))
        jax.block_until_ready(loss)

    return Training(epoch, settle)


def _arrays(whole: Batch) -> tuple[list[Any], Callable[[Sequence[Any]], tuple[Any, Any]]]:
    """All arrays of the training set, and how inputs and targets are taken out of those of a batch."""
    several, count = isinstance(whole.y, list), len(whole.x)

    def taken(batch: Sequence[Any]) -> tuple[Any, Any]:
        return batch[0] if count == 1 else batch[:count], batch[count:] if several else batch[count]

    return [*whole.x, *(whole.y if several else [whole.y])], taken


def product(size: int) -> Callable[[], None]:
    """Multiplies two square matrices in float32."""
    a, b = (jax.random.uniform(jax.random.key(seed), (size, size), jnp.float32) for seed in (0, 1))
    multiplied = jax.jit(jnp.matmul)
    return lambda: jax.block_until_ready(multiplied(a, b))
