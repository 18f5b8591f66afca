"""Log-sigmoid: log(1 / (1 + exp(-x))).

The same in keras.activations.log_sigmoid (3.15), torch.nn.functional.logsigmoid (2.13) and jax.nn.log_sigmoid (0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen
from paragone.activations.exact import softplus


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return -softplus(ops, -x)


LAYER = activation(
    "log_sigmoid",
    "-log(1 + exp(-x))",
    named("log_sigmoid"),
    called("F.logsigmoid({0})"),
    called("nnx.log_sigmoid({0})"),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "log_sigmoid"),
        "torch": seen("torch", "LogSigmoid", "logsigmoid"),
        "jax": seen("jax", "", "log_sigmoid"),
    },
)
