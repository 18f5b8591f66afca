"""ReLU: max(x, 0).

The same in keras.activations.relu (3.15), torch.nn.functional.relu (2.13) and jax.nn.relu (0.10); the derivative at 0
is 0 in all of them.
"""

from __future__ import annotations

from paragone.activations.base import activation, called
from paragone.spelling.code import construct
from paragone.spelling.spelled import Spelled

LAYER = activation(
    "relu",
    "max(x, 0)",
    lambda _: Spelled(construct("layers.ReLU"), argument='"relu"'),
    called("F.relu({0})"),
    called("nnx.relu({0})"),
)
