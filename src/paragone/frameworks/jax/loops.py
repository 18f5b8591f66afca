"""The canonical training loops of Flax NNX, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
from flax import nnx

from paragone.frameworks.base import Batch


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


class Rows:
    """Rows of NumPy arrays, brought to the device batch by batch, as written sides do it."""

    def __init__(self, arrays: Sequence[Any], batch_size: int):
        self._arrays, self._batch_size = [np.asarray(array) for array in arrays], batch_size
        self._shuffle = np.random.default_rng(0)

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in a new random order."""
        order = self._shuffle.permutation(len(self._arrays[0]))
        for start in range(0, len(order), self._batch_size):
            yield [jnp.asarray(array[order[start : start + self._batch_size]]) for array in self._arrays]


class Taken:
    """Rows of arrays on the device, all inputs and targets of a batch taken by one jitted call."""

    def __init__(self, arrays: Sequence[Any], batch_size: int):
        self._arrays, self._batch_size = list(arrays), batch_size
        self._shuffle = np.random.default_rng(0)
        self._take = jax.jit(lambda arrays, rows: [array[rows] for array in arrays])

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in a new random order."""
        order = self._shuffle.permutation(len(self._arrays[0]))
        for start in range(0, len(order), self._batch_size):
            yield self._take(self._arrays, order[start : start + self._batch_size])


PIPELINES: dict[str, Callable[[Sequence[Any], int], Iterable[Sequence[Any]]]] = {"idiomatic": Rows, "tuned": Taken}


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, with or without a step for each."""
    several = isinstance(whole.y, list)
    pipeline = PIPELINES[track]([*whole.x, *(whole.y if several else [whole.y])], side.batch_size)
    step, count = side.step_of(track), len(whole.x)

    def run(n: int) -> None:
        last: Any = None
        for _ in range(n):
            for arrays in pipeline:
                x, y = arrays[0] if count == 1 else arrays[:count], arrays[count:] if several else arrays[count]
                last = step(x, y) if compute else arrays
        jax.block_until_ready(last)

    return run
