"""The canonical training loops of Keras on JAX, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from paragone.frameworks.jax.loops import product
from paragone.frameworks.tensorflow.elsewhere.feeding import epochs, training
from paragone.frameworks.tensorflow.inferring import INFERENCE

__all__ = ["INFERENCE", "LOOPS", "epochs", "product", "taken", "training"]

_STATE = ("trainable_variables", "non_trainable_variables", "optimizer_variables", "metrics_variables")


def idiomatic(model: Any) -> Any:
    """The model, whose training step `fit` compiles with `jax.jit` by itself (`jit_compile="auto"`)."""
    model.make_train_function(force=True)
    return model


def tuned(model: Any) -> Any:
    """The same: there is nothing left to be compiled."""
    model.jit_compile = True
    return idiomatic(model)


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}


def taken(model: Any, batches: Iterable[Any]) -> float:
    """Steps over batches as `fit` takes them, without a look at the variables between; waits, and gives the last loss.

    The state goes from step to step and is put back into the variables at the end (`fit` of Keras 3.15,
    keras/src/backend/jax/trainer.py).
    """
    ring = iter(batches)
    first = next(ring)
    if not (model.optimizer.built and (model._compile_loss is None or model._compile_loss.built)):
        model._symbolic_build(data_batch=first)
    state = model._get_jax_state(**dict.fromkeys(_STATE, True), purge_model_variables=True)
    model._jax_state_synced = False
    logs: Any = None
    try:
        for batch in chain([first], ring):
            logs, state = model.train_function(state, iter([batch]))
    finally:
        model._jax_state = dict(zip(_STATE, state, strict=True))
        model.jax_state_sync()
    return float(logs["loss"])
