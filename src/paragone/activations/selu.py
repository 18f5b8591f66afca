"""SELU: 1.0507 · ELU(x, 1.6733), with the two constants of self-normalising networks to full precision.

The same function in keras.activations.selu (3.15), torch.nn.functional.selu (2.13) and jax.nn.selu (0.10; row C5). At
exactly 0, as behind a convolution of black pixels with no bias yet, TensorFlow's kernel takes the slope from the right,
1.05 (tensorflow/core/kernels/relu_op_functor.h, 2.21), the others that from the left, 1.76: the canonical one.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activated, activation, called, named, seen
from paragone.activations.exact import exponential_unit
from paragone.spelling.site import Impossible, Site
from paragone.spelling.spelled import Helper, Note, Spelled

_SELU = Helper(
    "selu",
    '''
def selu(x):
    """SELU whose derivative at 0 is that from the left."""
    return 1.0507009873554805 * ops.elu(x, 1.6732632423543772)
''',
    Note("C5", "TensorFlow's own selu has another derivative at exactly 0 than PyTorch and JAX"),
)


def _keras(site: Site) -> Spelled | Impossible:
    return activated(_SELU) if site.matched else named("selu")(site)


def _compute(ops: Any, inputs: tuple[Any, ...], _settings: Any, _weights: Any) -> Any:
    (x,) = inputs
    return 1.0507009873554805 * exponential_unit(ops, x, 1.6732632423543772)


LAYER = activation(
    "selu",
    "1.0507 · (x for x > 0, 1.6733 · (exp(x) - 1) otherwise)",
    _keras,
    called("F.selu({0})"),
    called("nnx.selu({0})"),
    rows=("C5",),
    compute=_compute,
    found={
        "tensorflow": seen("tensorflow", "", "selu"),
        "torch": seen("torch", "SELU", "selu", "input, inplace=False"),
        "jax": seen("jax", "", "selu"),
    },
)
