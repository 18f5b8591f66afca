"""ONNX through jax2onnx, since JAX writes none itself: https://github.com/enpasos/jax2onnx (0.13)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paragone.frameworks.base import Array

NEEDS = ("jax2onnx", "onnx")
_POOLS = ("max_pool", "min_pool", "avg_pool")


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

    shapes = [jax.ShapeDtypeStruct(("B", *x.shape[1:]), x.dtype) for x in inputs]
    with evaluated(side) as model:

        def called(*x: Any) -> Any:
            with _pools_by_keywords():
                return model(*x)

        to_onnx(called, shapes, return_mode="file", output_path=str(path))


@contextmanager
def _pools_by_keywords() -> Iterator[None]:
    """jax2onnx puts functions in the place of Flax' pools that take keywords only; people write `(x, (2, 2))`."""
    from flax import nnx

    before = {name: getattr(nnx, name) for name in _POOLS}
    for name, function in before.items():
        setattr(nnx, name, _by_keywords(function))
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(nnx, name, function)


def _by_keywords(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same pool, all arguments but the input by their names in Flax 0.12."""
    names = ("window_shape", "strides", "padding", "count_include_pad")

    def pool(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return function(inputs, **dict(zip(names, args, strict=False)), **kwargs)

    return pool
