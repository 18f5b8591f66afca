"""The canonical training loops of Keras on PyTorch, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from paragone.frameworks.tensorflow.elsewhere.feeding import epochs, training
from paragone.frameworks.tensorflow.inferring import INFERENCE
from paragone.frameworks.torch.loops import product

__all__ = ["INFERENCE", "LOOPS", "epochs", "product", "taken", "training"]


def idiomatic(model: Any) -> Callable[[Any], Any]:
    """The function that `fit` itself calls for each step."""
    model.make_train_function(force=True)
    train_function = model.train_function

    def step(batch: Any) -> Any:
        logs = train_function([batch])
        return logs["loss"]

    return step


def tuned(model: Any) -> Callable[[Any], Any]:
    """The same, compiled by `torch.compile` (`jit_compile=True`); Keras leaves that off by default."""
    model.jit_compile = True
    return idiomatic(model)


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}


def taken(step: Callable[[Any], Any], batches: Iterable[Any]) -> float:
    """Steps over batches; waits for the last, and gives its loss."""
    loss: Any = float("nan")
    for batch in batches:
        loss = step(batch)
    return float(loss)
