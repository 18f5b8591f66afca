"""Hard tanh: x cut to -1 … 1.

The same in keras.activations.hard_tanh (3.15), torch.nn.functional.hardtanh (2.13) and jax.nn.hard_tanh (0.10), except
for the derivative at exactly -1 and 1: 1 on TensorFlow and in JAX, 0 in PyTorch. Canonical is 1, as in torch.clamp.
"""

from __future__ import annotations

from paragone.activations.base import activation, called, named
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Spelled


def _torch(site: Site) -> Spelled:
    if not site.matched:
        return Spelled(call="F.hardtanh({0})")
    note = Note("C9", "the derivative of PyTorch's hardtanh at exactly -1 and 1 is 0, elsewhere it is 1")
    return Spelled(call="torch.clamp({0}, -1.0, 1.0)", notes=(note,))


LAYER = activation(
    "hard_tanh",
    "min(max(x, -1), 1)",
    named("hard_tanh"),
    _torch,
    called("nnx.hard_tanh({0})"),
    rows=("C9",),
)
