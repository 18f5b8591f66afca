"""Mean absolute error: the mean over all elements of |output - target|; its slope is 0 where they are equal.

keras.losses.MeanAbsoluteError (keras/src/losses/losses.py, 3.15), torch.nn.L1Loss (2.13); Optax 0.2.8 has none.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_loss, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions


def _jax(site: LossSite) -> LossSpelled:
    return LossSpelled(values_mean(site, f"jnp.abs({jax_output(site)} - {{target}})", whole=True))


LOSS = LossKind(
    "mean_absolute_error",
    "mean(|output - target|)",
    NoOptions,
    check_elements,
    {
        "tensorflow": lambda _: LossSpelled("", construct("keras.losses.MeanAbsoluteError")),
        "torch": lambda site: torch_loss(site, "F.l1_loss", "nn.L1Loss"),
        "jax": _jax,
    },
    rows=("D13",),
    examples=({"output": (5,), "target": (5,)}, {"output": (4, 1), "target": (4,)}),
)
