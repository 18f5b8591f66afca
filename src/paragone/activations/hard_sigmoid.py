"""Hard sigmoid: min(max(x + 3, 0), 6) / 6.

The same in keras.activations.hard_sigmoid (3.15; Keras 2 had another, row C3), torch.nn.functional.hardsigmoid (2.13)
and jax.nn.hard_sigmoid (0.10). PyTorch's backward kernel holds 1/6 in float32
(aten/src/ATen/native/cpu/Activation.cpp, 2.13), 3e-8 off in float64.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, called, named, seen
from paragone.layers.base import Setting, Settings, Sizes
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


def _steep(_a: Any, _sizes: Sizes) -> Settings:
    return {"slope": 1 / 6, "constants": "float64"}


def _in_torch(a: Any, sizes: Sizes) -> Settings:
    return {**_steep(a, sizes), "constants": "float32"}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.minimum(ops.maximum(s.slope * x + 0.5, 0.0), 1.0)


LAYER = activation(
    "hard_sigmoid",
    "min(max(x + 3, 0), 6) / 6",
    named("hard_sigmoid"),
    _torch,
    called("nnx.hard_sigmoid({0})"),
    rows=("C3",),
    compute=_compute,
    settings=(
        Setting("slope", "hard-sigmoid-slope", "C3", 1 / 6, (0.2,)),
        Setting("constants", "float32-constants", "C7", "float64"),
    ),
    found={
        "tensorflow": seen("tensorflow", "", "hard_sigmoid", "x, **_", reads=_steep),
        "torch": seen("torch", "Hardsigmoid", "hardsigmoid", "input, inplace=False", reads=_in_torch),
        "jax": seen("jax", "", "hard_sigmoid", "x, **_", reads=_steep),
    },
)
