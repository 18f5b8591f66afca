"""Binary focal cross-entropy: the binary cross-entropy of logits, scaled by (1 - p of the target)^gamma.

`alpha` is the weight of ones, 1 - alpha that of zeros; no weights where it is not given. Keras has it
(keras/src/losses/losses.py, BinaryFocalCrossentropy, 3.15), but computes it from the clipped sigmoid even for logits;
optax.sigmoid_focal_loss is exact (optax/losses/_classification.py, 0.2.8); PyTorch 2.13 has none.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_helped, values_mean
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Options
from paragone.spelling.spelled import Helper, Note

Power = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Share = Annotated[float, Field(gt=0, lt=1)]


class BinaryFocalCrossentropy(Options):
    """Options of binary focal cross-entropy."""

    gamma: Power = 2.0
    alpha: Share | None = None


_KERAS = Helper(
    "BinaryFocalCrossentropy",
    '''
class BinaryFocalCrossentropy(keras.losses.Loss):
    """Cross-entropy of logits, scaled by (1 - p of the target)^gamma."""

    def __init__(self, gamma=2.0, alpha=None):
        super().__init__()
        self.gamma = gamma
        self.alpha = alpha

    def call(self, y_true, y_pred):
        y_true = ops.reshape(y_true, ops.shape(y_pred))
        p = ops.sigmoid(y_pred)
        wrong = y_true * (1.0 - p) + (1.0 - y_true) * p
        losses = wrong**self.gamma * ops.binary_crossentropy(y_true, y_pred, from_logits=True)
        if self.alpha is not None:
            losses *= self.alpha * y_true + (1.0 - self.alpha) * (1.0 - y_true)
        return ops.mean(losses, axis=-1)
''',
    Note("D3", "Keras' own clips the probabilities even where it is given logits"),
)
_TORCH = Helper(
    "binary_focal_crossentropy",
    '''
def binary_focal_crossentropy(
    output: torch.Tensor, target: torch.Tensor, gamma: float = 2.0, alpha: float | None = None
) -> torch.Tensor:
    """Cross-entropy of logits, scaled by (1 - p of the target)^gamma."""
    p = output.sigmoid()
    wrong = target * (1.0 - p) + (1.0 - target) * p
    losses = wrong**gamma * F.binary_cross_entropy_with_logits(output, target, reduction="none")
    if alpha is not None:
        losses = losses * (alpha * target + (1.0 - alpha) * (1.0 - target))
    return losses
''',
    Note("D1", "PyTorch has no focal loss"),
)


def _keras(site: LossSite) -> LossSpelled:
    gamma, alpha = site.given("gamma", 2.0), site.given("alpha", None)
    if site.matched:
        return LossSpelled("", construct("BinaryFocalCrossentropy", gamma=gamma, alpha=alpha), (_KERAS,))
    balance = {} if site.options.alpha is None else {"apply_class_balancing": True, "alpha": site.options.alpha}
    made = construct("keras.losses.BinaryFocalCrossentropy", **balance, gamma=gamma, from_logits=True)
    return LossSpelled("", made)


def _torch(site: LossSite) -> LossSpelled:
    alpha = () if site.options.alpha is None else (site.options.alpha,)
    return torch_helped(site, _TORCH, site.options.gamma, *alpha)


def _jax(site: LossSite) -> LossSpelled:
    given = {"alpha": site.given("alpha", None), "gamma": site.given("gamma", 2.0)}
    arrays = (Code(jax_output(site)), Code("{target}"))
    losses = construct("optax.sigmoid_focal_loss", *arrays, **given).code()
    return LossSpelled(values_mean(site, losses, whole=True))


LOSS = LossKind(
    "binary_focal_crossentropy",
    "mean((1 - p of the target)^gamma · binary cross-entropy), p = sigmoid(output)",
    BinaryFocalCrossentropy,
    check_elements,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D3", "D13"),
    examples=(
        {"output": (1,), "target": (), "target_is": "bits"},
        {"gamma": 1.5, "alpha": 0.25, "output": (4, 3), "target": (4, 3), "target_is": "bits"},
    ),
)
