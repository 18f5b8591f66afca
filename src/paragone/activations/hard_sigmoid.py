"""Hard sigmoid: min(max(x + 3, 0), 6) / 6.

The same in keras.activations.hard_sigmoid (3.15; Keras 2 had another, row C3), torch.nn.functional.hardsigmoid (2.13)
and jax.nn.hard_sigmoid (0.10). PyTorch's backward kernel holds 1/6 in float32
(aten/src/ATen/native/cpu/Activation.cpp, 2.13), 3e-8 off in float64.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled

_TORCH = Helper(
    "hard_sigmoid",
    '''
def hard_sigmoid(x: torch.Tensor) -> torch.Tensor:
    """Hard sigmoid by way of ReLU6."""
    return F.relu6(x + 3.0) / 6.0
''',
    Note("C3", "the gradient of PyTorch's own hardsigmoid holds 1/6 in float32"),
)


def _torch(site: Site) -> Spelled:
    if site.matched:
        return Spelled(call="hard_sigmoid({0})", helpers=(_TORCH,))
    return Spelled(call="F.hardsigmoid({0})")


LAYER = activation(
    "hard_sigmoid",
    "min(max(x + 3, 0), 6) / 6",
    named("hard_sigmoid"),
    _torch,
    called("nnx.hard_sigmoid({0})"),
    rows=("C3",),
)
