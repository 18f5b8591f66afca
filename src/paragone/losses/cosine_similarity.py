"""Cosine similarity as a loss: minus the mean cosine of the angle between output and target, over the last axis.

-1 where they point the same way. A vector shorter than 1e-7 counts as that long. Keras' form
(keras/src/losses/losses.py and keras/src/ops/nn.py, normalize, 3.15), whose gradient is not a number where the output
is zero. PyTorch's CosineEmbeddingLoss and optax.cosine_distance are 1 - cosine (row D11).
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_vectors, class_axis, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions
from paragone.spelling.spelled import Helper, Note

_KERAS = Helper(
    "CosineSimilarity",
    '''
class CosineSimilarity(keras.losses.Loss):
    """Minus the cosine of the angle between output and target."""

    def call(self, y_true, y_pred):
        return -ops.sum(self.unit(y_true) * self.unit(y_pred), axis=-1)

    def unit(self, x):
        return x / ops.sqrt(ops.maximum(ops.sum(ops.square(x), axis=-1, keepdims=True), 1e-14))
''',
    Note("B14", "the gradient of Keras' own is not a number where an output is zero"),
)


def _keras(site: LossSite) -> LossSpelled:
    if site.matched:
        return LossSpelled("", construct("CosineSimilarity"), (_KERAS,))
    return LossSpelled("", construct("keras.losses.CosineSimilarity"))


def _torch(site: LossSite) -> LossSpelled:
    axis = class_axis(site)
    if not site.matched:
        cosines = f"F.cosine_similarity({{output}}, {{target}}, dim={axis})"
        return LossSpelled(f"-{values_mean(site, cosines)}")
    units = " * ".join(f"F.normalize({array}, dim={axis}, eps=1e-7)" for array in ("{output}", "{target}"))
    cosines = f"({units}).sum({axis})"
    notes = (Note("B14", "the shortest length is that of Keras"),)
    return LossSpelled(f"-{values_mean(site, cosines)}", notes=notes)


def _jax(site: LossSite) -> LossSpelled:
    epsilon = ", epsilon=1e-14" if site.matched else ""
    notes = (Note("B14", "the shortest length is that of Keras, squared"),)
    cosines = f"optax.cosine_similarity({{output}}, {{target}}{epsilon})"
    return LossSpelled(f"-{values_mean(site, cosines)}", notes=notes)


LOSS = LossKind(
    "cosine_similarity",
    "-mean(output · target / (|output| · |target|)), over the last axis",
    NoOptions,
    check_vectors,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("B14", "D11"),
    examples=({"output": (5,), "target": (5,)}, {"output": (4, 3), "target": (4, 3)}),
)
