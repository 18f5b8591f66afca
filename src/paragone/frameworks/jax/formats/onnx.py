"""ONNX through jax2onnx, since JAX writes none itself: https://github.com/enpasos/jax2onnx (0.13).

It traces the model with functions of its own in the places of Flax' (0.12), which take less than these do: so much as
nothing turns on is kept from them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from paragone.frameworks.base import Array

NEEDS = ("jax2onnx", "onnx")
_POOLS = ("max_pool", "min_pool", "avg_pool")
_LAYERS = ("Conv", "ConvTranspose", "Einsum", "Embed", "Linear", "LinearGeneral")
_CELLS = ("GRUCell", "LSTMCell", "OptimizedLSTMCell", "SimpleCell")


def write(side: Any, inputs: Sequence[Array], path: Path) -> None:
    """Write the side's model, for batches of any size.

    Args:
        side: the built side, a `JaxSide`.
        inputs: an example, samples first.
        path: what to write.
    """
    import jax
    from jax2onnx import to_onnx

    from paragone.frameworks.jax.exporting import evaluated

    own_resize = jax.image.resize
    shapes = [jax.ShapeDtypeStruct(("B", *x.shape[1:]), x.dtype) for x in inputs]
    with evaluated(side) as model:

        def called(*x: Any) -> Any:
            with _as_jax2onnx_takes_it(), mock.patch.object(jax.image, "resize", own_resize):
                return model(*x)

        to_onnx(called, shapes, return_mode="file", output_path=str(path))


@contextmanager
def _as_jax2onnx_takes_it() -> Iterator[None]:
    """While the model is traced, calls of Flax' functions are brought into the forms that jax2onnx knows."""
    from flax import nnx

    with ExitStack() as stack:
        for name in _POOLS:
            stack.enter_context(mock.patch.object(nnx, name, _by_keywords(getattr(nnx, name))))
        for kind in (getattr(nnx, name) for name in _LAYERS):
            stack.enter_context(mock.patch.object(kind, "__call__", _without_sharding(kind.__call__)))
        for kind in (getattr(nnx, name) for name in _CELLS):
            stack.enter_context(mock.patch.object(kind, "initialize_carry", _without_key(kind.initialize_carry)))
        yield


def _by_keywords(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same pool, all arguments but the input by their names; people write `(x, (2, 2))`."""
    names = ("window_shape", "strides", "padding", "count_include_pad")

    def pool(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return function(inputs, **dict(zip(names, args, strict=False)), **kwargs)

    return pool


def _without_sharding(call: Callable[..., Any]) -> Callable[..., Any]:
    """The same layer; attention of Flax hands the argument on to its projections also where it is None."""

    def layer(module: Any, *args: Any, **kwargs: Any) -> Any:
        return call(module, *args, **{name: one for name, one in kwargs.items() if not _is_no_sharding(name, one)})

    return layer


def _is_no_sharding(name: str, value: Any) -> bool:
    return name == "out_sharding" and value is None


def _without_key(own: Callable[..., Any]) -> Callable[..., Any]:
    """What a cell starts from, without a key where that is zeros: a key is nothing that ONNX has."""

    def initialize_carry(cell: Any, input_shape: Sequence[int], *args: Any, **kwargs: Any) -> Any:
        import jax.numpy as jnp

        if not _starts_from_zeros(cell, kwargs):
            return own(cell, input_shape, *args, **kwargs)
        start = jnp.zeros((*input_shape[:-1], cell.hidden_features), cell.param_dtype)
        return (start, start) if "LSTM" in type(cell).__name__ else start

    return initialize_carry


def _starts_from_zeros(cell: Any, kwargs: Mapping[str, Any]) -> bool:
    """Whether a cell's state begins with Flax' zeros, as by default."""
    return kwargs.get("carry_init") is None and cell.carry_init is None
