"""Categorical focal cross-entropy: the mean of Σ alpha · target · (1 - p)^gamma · -log p, p the softmax of the output.

Targets are class numbers, or a probability for each class. `alpha` is one number that scales the whole, as in Keras
(keras/src/losses/losses.py, CategoricalFocalCrossentropy, 3.15; its default is 0.25, here 1), which clips p to
[1e-7, 1 - 1e-7] and takes no class numbers. PyTorch 2.13 and Optax 0.2.8 have none.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.binary_focal_crossentropy import Power
from paragone.losses.shared import check_classes, check_vectors, class_axis, values_mean
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Options, Positive
from paragone.spelling.spelled import Helper, Note
from paragone.task.tensor import Tensor


class CategoricalFocalCrossentropy(Options):
    """Options of categorical focal cross-entropy."""

    gamma: Power = 2.0
    alpha: Positive = 1.0


def _check(options: CategoricalFocalCrossentropy, output: Tensor, target: Tensor) -> None:
    (check_classes if target.kind == "int" else check_vectors)(options, output, target)


_KERAS = Helper(
    "CategoricalFocalCrossentropy",
    '''
class CategoricalFocalCrossentropy(keras.losses.Loss):
    """Cross-entropy of logits, each class scaled by alpha · (1 - p)^gamma."""

    def __init__(self, gamma=2.0, alpha=1.0):
        super().__init__()
        self.gamma = gamma
        self.alpha = alpha

    def call(self, y_true, y_pred):
        logs = ops.log_softmax(y_pred)
        scale = self.alpha * (1.0 - ops.exp(logs)) ** self.gamma
        return -ops.sum(scale * y_true * logs, axis=-1)
''',
    Note("D3", "Keras' own clips the probabilities even where it is given logits"),
)
_KERAS_SPARSE = Helper(
    "SparseCategoricalFocalCrossentropy",
    '''
class SparseCategoricalFocalCrossentropy(CategoricalFocalCrossentropy):
    """The same for class numbers."""

    def call(self, y_true, y_pred):
        y_true = ops.one_hot(ops.cast(y_true, "int32"), y_pred.shape[-1], dtype=y_pred.dtype)
        return super().call(y_true, y_pred)
''',
    Note("D3", "Keras' own takes no class numbers"),
    needs=(_KERAS,),
)
_TORCH = Helper(
    "categorical_focal_crossentropy",
    '''
def categorical_focal_crossentropy(
    output: torch.Tensor, target: torch.Tensor, gamma: float, alpha: float = 1.0
) -> torch.Tensor:
    """Cross-entropy of logits, each class (in the last axis) scaled by alpha · (1 - p)^gamma."""
    logs = output.log_softmax(-1)
    scale = alpha * (1.0 - logs.exp()) ** gamma
    return -(scale * target * logs).sum(-1)
''',
    Note("D1", "PyTorch has no focal loss"),
)
_JAX = Helper(
    "categorical_focal_crossentropy",
    '''
def categorical_focal_crossentropy(
    output: jax.Array, target: jax.Array, gamma: float, alpha: float = 1.0
) -> jax.Array:
    """Cross-entropy of logits, each class scaled by alpha · (1 - p)^gamma."""
    logs = jax.nn.log_softmax(output)
    scale = alpha * (1.0 - jnp.exp(logs)) ** gamma
    return -(scale * target * logs).sum(-1)
''',
    Note("D1", "Optax has no focal loss over classes"),
)


def _keras(site: LossSite) -> LossSpelled:
    if site.matched or site.target.kind == "int":
        helper = _KERAS_SPARSE if site.target.kind == "int" else _KERAS
        made = construct(helper.name, gamma=site.given("gamma", 2.0), alpha=site.given("alpha", 1.0))
        return LossSpelled("", made, (helper,))
    given = {"alpha": site.given("alpha", 0.25), "gamma": site.given("gamma", 2.0)}
    return LossSpelled("", construct("keras.losses.CategoricalFocalCrossentropy", **given, from_logits=True))


def _written(site: LossSite, helper: Helper, output: str, target: str) -> LossSpelled:
    o: CategoricalFocalCrossentropy = site.options
    alpha = () if o.alpha == 1.0 else (o.alpha,)
    made = construct(helper.name, Code(output), Code(target), o.gamma, *alpha)
    return LossSpelled(values_mean(site, made.code()), helpers=(helper,))


def _torch(site: LossSite) -> LossSpelled:
    first = class_axis(site) == 1
    output = "{output}.movedim(1, -1)" if first else "{output}"
    if site.target.kind == "int":
        return _written(site, _TORCH, output, f"F.one_hot({{target}}, {site.output.shape[-1]})")
    return _written(site, _TORCH, output, "{target}.movedim(1, -1)" if first else "{target}")


def _jax(site: LossSite) -> LossSpelled:
    if site.target.kind == "int":
        return _written(site, _JAX, "{output}", f"jax.nn.one_hot({{target}}, {site.output.shape[-1]})")
    return _written(site, _JAX, "{output}", "{target}")


LOSS = LossKind(
    "categorical_focal_crossentropy",
    "mean(Σ alpha · target · (1 - p)^gamma · -log p), p = softmax(output)",
    CategoricalFocalCrossentropy,
    _check,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D3",),
    examples=(
        {"output": (5,), "target": ()},
        {"gamma": 1.5, "alpha": 0.25, "output": (4, 3), "target": (4, 3), "target_is": "probabilities"},
    ),
)
