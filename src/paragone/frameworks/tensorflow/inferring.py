"""The canonical calls of a Keras model in evaluation mode, one for each track, on any backend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def infer(model: Any) -> Callable[[Any], Any]:
    """`predict_on_batch`: the function that `predict` itself calls for each batch; it gives NumPy arrays."""
    model.make_predict_function(force=True)
    return lambda x: model.predict_on_batch(x[0] if len(x) == 1 else x)


def infer_tuned(model: Any) -> Callable[[Any], Any]:
    """The same, compiled (`jit_compile=True`): by XLA on TensorFlow and JAX, by `torch.compile` on PyTorch."""
    model.jit_compile = True
    return infer(model)


INFERENCE = {"idiomatic": infer, "tuned": infer_tuned}
