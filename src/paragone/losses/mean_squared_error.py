"""Mean squared error: the mean over all elements of (output - target)².

The mean in keras.losses.MeanSquaredError (keras/src/losses/losses.py, 3.15) and torch.nn.MSELoss (2.13);
optax.squared_error gives the elements, and optax.l2_loss half of them (optax/losses/_regression.py, 0.2.8; row D10).
Where the output has one number and the target no axis, Keras expands the target, while PyTorch and JAX would broadcast
to a square (row D13): the output's axis is squeezed there.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_loss, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions


def _jax(site: LossSite) -> LossSpelled:
    return LossSpelled(values_mean(site, f"optax.squared_error({jax_output(site)}, {{target}})", whole=True))


LOSS = LossKind(
    "mean_squared_error",
    "mean((output - target)²)",
    NoOptions,
    check_elements,
    {
        "tensorflow": lambda _: LossSpelled("", construct("keras.losses.MeanSquaredError")),
        "torch": lambda site: torch_loss(site, "F.mse_loss", "nn.MSELoss"),
        "jax": _jax,
    },
    rows=("D10", "D13"),
    examples=(
        {"output": (5,), "target": (5,)},
        {"output": (4, 3, 2), "target": (4, 3, 2)},
        {"output": (1,), "target": ()},
        {"output": (4, 1), "target": (4,)},
    ),
)
