"""What all of JAX's writers need: the model as a pure function of its inputs, its weights inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jax
from flax import nnx

from paragone.frameworks.base import Array


@contextmanager
def evaluated(side: Any) -> Iterator[Callable[..., list[Any]]]:
    """The model in evaluation mode as a function of its inputs that gives a list of outputs."""
    model = side.found.model
    model.eval()
    graph, state = nnx.split(model)
    try:
        yield lambda *x: jax.tree.leaves(nnx.merge(graph, state, copy=True)(*x))
    finally:
        model.train()


def open_batch(inputs: Sequence[Array]) -> list[jax.ShapeDtypeStruct]:
    """Shapes whose number of samples is open: https://docs.jax.dev/en/latest/export/shape_poly.html."""
    (batch,) = jax.export.symbolic_shape("batch")
    return [jax.ShapeDtypeStruct((batch, *x.shape[1:]), x.dtype) for x in inputs]
