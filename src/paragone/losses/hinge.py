"""Hinge: the mean of max(1 - target · output, 0), for targets that are -1 or 1.

Keras turns targets of 0 and 1 into -1 and 1, if a whole batch has nothing else (keras/src/losses/losses.py,
convert_binary_labels_to_hinge, 3.15); Optax does not (optax/losses/_classification.py, hinge_loss, 0.2.8); PyTorch 2.13
has no loss of this form.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_arrays, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions
from paragone.spelling.spelled import Helper, Note

_KERAS = Helper(
    "Hinge",
    '''
class Hinge(keras.losses.Loss):
    """The mean of max(1 - target · output, 0) over the last axis."""

    def call(self, y_true, y_pred):
        y_true = ops.reshape(y_true, ops.shape(y_pred))
        return ops.mean(ops.relu(1.0 - y_true * y_pred), axis=-1)
''',
    Note("D17", "Keras' own turns the targets of a batch of zeros and ones into -1 and 1"),
)


def _keras(site: LossSite) -> LossSpelled:
    if site.matched:
        return LossSpelled("", construct("Hinge"), (_KERAS,))
    return LossSpelled("", construct("keras.losses.Hinge"))


def _torch(site: LossSite) -> LossSpelled:
    output, target = torch_arrays(site)
    return LossSpelled(values_mean(site, f"F.relu(1 - {target} * {output})", whole=True))


def _jax(site: LossSite) -> LossSpelled:
    return LossSpelled(values_mean(site, f"optax.hinge_loss({jax_output(site)}, {{target}})", whole=True))


LOSS = LossKind(
    "hinge",
    "mean(max(1 - target · output, 0)), targets -1 or 1",
    NoOptions,
    check_elements,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D13", "D17"),
    examples=(
        {"output": (1,), "target": (), "target_is": "signs"},
        {"output": (4, 3), "target": (4, 3), "target_is": "signs"},
    ),
)
