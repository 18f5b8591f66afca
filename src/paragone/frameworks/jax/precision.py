"""Flax NNX in bfloat16: the modules' `dtype`, with `param_dtype` left at float32; outputs go to the loss in float32.

`dtype` is what a module computes in and `param_dtype` what its parameters are kept in. Source, of Flax 0.12:
https://flax.readthedocs.io/en/v0.12.0/api_reference/flax.nnx/nn/linear.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from paragone.frameworks.base import Batch
from paragone.frameworks.precision import Precision
from paragone.measure.precision import BFLOAT16

_PRODUCTS = frozenset({"dot_general", "conv_general_dilated", "ragged_dot"})


def put(side: Any) -> None:
    """Modules that compute in float32, said or by default, compute in bfloat16; the outputs are brought to float32."""
    model = side.found.model
    for module in _with_dtype(model):
        if module.dtype is None or jnp.dtype(module.dtype) == jnp.float32:
            module.dtype = jnp.bfloat16
    kind: Any = type(model)

    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        return jax.tree.map(_wide, kind.__call__(self, *args, **kwargs))

    body = {"__call__": call, "__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__}
    same_kind: Any = type(kind)
    object.__setattr__(model, "__class__", same_kind(kind.__name__, (kind,), body))


def _with_dtype(model: Any) -> Iterator[Any]:
    for _, module in nnx.iter_modules(model):
        dtype = vars(module).get("dtype", "")  # a layer may have this name
        if dtype is None or _is_dtype(dtype):
            yield module


def _is_dtype(value: Any) -> bool:
    try:
        return bool(jnp.issubdtype(value, jnp.floating))
    except TypeError:
        return False


def _wide(array: Any) -> Any:
    return array.astype(jnp.float32) if getattr(array, "dtype", None) == jnp.bfloat16 else array


def said(_side: Any) -> str:
    """What was done."""
    return (
        "the modules' dtype is bfloat16 and their param_dtype stays float32; "
        "what the model gives is brought to float32 for the loss"
    )


def products(side: Any, batch: Batch) -> list[str]:
    """Of the jaxpr of a call in evaluation mode."""
    model = side.found.model
    model.eval()
    graph, state = nnx.split(model)
    model.train()
    traced = jax.make_jaxpr(lambda state, x: nnx.merge(graph, state)(*x))(state, batch.x)
    return list(_dtypes(traced.jaxpr))


def _dtypes(jaxpr: Any) -> Iterator[str]:
    for equation in jaxpr.eqns:
        if equation.primitive.name in _PRODUCTS:
            yield str(jnp.result_type(*(operand.aval.dtype for operand in equation.invars[:2])))
        for value in equation.params.values():
            for part in value if isinstance(value, (tuple, list)) else (value,):
                inner = getattr(part, "jaxpr", part)
                if hasattr(inner, "eqns"):
                    yield from _dtypes(inner)


PRECISIONS = {BFLOAT16: Precision(BFLOAT16, put=put, said=said, products=products)}
