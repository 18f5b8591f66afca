"""Log-sigmoid: log(1 / (1 + exp(-x))).

The same in keras.activations.log_sigmoid (3.15), torch.nn.functional.logsigmoid (2.13) and jax.nn.log_sigmoid (0.10).
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named

LAYER = activation(
    "log_sigmoid",
    "-log(1 + exp(-x))",
    named("log_sigmoid"),
    called("F.logsigmoid({0})"),
    called("nnx.log_sigmoid({0})"),
)
