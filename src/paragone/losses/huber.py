"""Huber: half the squared error up to delta, and a line of slope delta beyond.

keras.losses.Huber (keras/src/losses/losses.py, 3.15), torch.nn.HuberLoss (2.13) and optax.huber_loss
(optax/losses/_regression.py, 0.2.8) agree. PyTorch's SmoothL1Loss is this divided by its beta (row D9).
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_loss, values_mean
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Options, Positive


class Huber(Options):
    """Options of the Huber loss."""

    delta: Positive = 1.0


def _keras(site: LossSite) -> LossSpelled:
    return LossSpelled("", construct("keras.losses.Huber", delta=site.given("delta", 1.0)))


def _torch(site: LossSite) -> LossSpelled:
    return torch_loss(site, "F.huber_loss", "nn.HuberLoss", delta=site.given("delta", 1.0))


def _jax(site: LossSite) -> LossSpelled:
    arrays = (Code(jax_output(site)), Code("{target}"))
    losses = construct("optax.huber_loss", *arrays, delta=site.given("delta", 1.0)).code()
    return LossSpelled(values_mean(site, losses, whole=True))


LOSS = LossKind(
    "huber",
    "mean of e² / 2 where |e| ≤ delta, of delta · (|e| - delta / 2) elsewhere, for e = output - target",
    Huber,
    check_elements,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D9", "D13"),
    examples=({"output": (5,), "target": (5,)}, {"delta": 0.3, "output": (1,), "target": ()}),
)
