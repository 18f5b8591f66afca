"""Mean squared error: the mean over all elements of (output - target)².

The mean in keras.losses.MeanSquaredError (keras/src/losses/losses.py, 3.15) and torch.nn.MSELoss (2.13);
optax.squared_error gives the elements, and optax.l2_loss half of them (optax/losses/_regression.py, 0.2.8; row D10).
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSpelled
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions, UnfitError
from paragone.task.tensor import Tensor


def _check(_options: NoOptions, output: Tensor, target: Tensor) -> None:
    if output.shape != target.shape:
        raise UnfitError(f"a target of the output's shape {output.words()}", target.words())


LOSS = LossKind(
    "mean_squared_error",
    "mean((output - target)²)",
    NoOptions,
    _check,
    {
        "tensorflow": lambda _: LossSpelled("", construct("keras.losses.MeanSquaredError")),
        "torch": lambda _: LossSpelled("F.mse_loss({output}, {target})", construct("nn.MSELoss")),
        "jax": lambda _: LossSpelled("optax.squared_error({output}, {target}).mean()"),
    },
    rows=("D10", "D13"),
    examples=({"output": (5,), "target": (5,)}, {"output": (4, 3, 2), "target": (4, 3, 2)}),
)
