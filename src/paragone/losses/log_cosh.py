"""Log-cosh: the mean of log(cosh(output - target)), nearly half the square for small errors, nearly |e| for large ones.

keras.losses.LogCosh rounds log 2 to float32 on TensorFlow (`ops.log(2.0)`, keras/src/losses/losses.py, 3.15), so its
value is 1e-8 off in float64; optax.log_cosh is exact (optax/losses/_regression.py, 0.2.8); PyTorch 2.13 has none, and
its softplus is a line above 20 (row C4), so it is written with logaddexp.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_output, torch_helped, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions
from paragone.spelling.spelled import Helper, Note

_KERAS = Helper(
    "LogCosh",
    '''
class LogCosh(keras.losses.Loss):
    """The mean of log(cosh(error)) over the last axis."""

    def call(self, y_true, y_pred):
        y_true = ops.reshape(y_true, ops.shape(y_pred))
        error = y_pred - y_true
        return ops.mean(error + ops.softplus(-2.0 * error) - math.log(2.0), axis=-1)
''',
    Note("C7", "Keras' own rounds log 2 to float32"),
    ("import math",),
)
_TORCH = Helper(
    "log_cosh",
    '''
def log_cosh(output: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
    """log(cosh(error)) of every number."""
    error = output - target
    return torch.logaddexp(error, -error) - math.log(2.0)
''',
    Note("C4", "PyTorch has no log-cosh, and its softplus is a line above 20"),
    ("import math",),
)


def _keras(site: LossSite) -> LossSpelled:
    if site.matched:
        return LossSpelled("", construct("LogCosh"), (_KERAS,))
    return LossSpelled("", construct("keras.losses.LogCosh"))


def _jax(site: LossSite) -> LossSpelled:
    return LossSpelled(values_mean(site, f"optax.log_cosh({jax_output(site)}, {{target}})", whole=True))


LOSS = LossKind(
    "log_cosh",
    "mean(log(cosh(output - target)))",
    NoOptions,
    check_elements,
    {
        "tensorflow": _keras,
        "torch": lambda site: torch_helped(site, _TORCH),
        "jax": _jax,
    },
    rows=("C4", "C7", "D13"),
    examples=({"output": (5,), "target": (5,)}, {"output": (4, 3), "target": (4, 3)}),
)
