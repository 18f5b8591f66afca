"""CELU: x for positive x, alpha · (exp(x / alpha) - 1) otherwise.

The same function in keras.activations.celu (3.15), torch.nn.functional.celu (2.13) and jax.nn.celu (0.10; row C5), but
not the same derivative: Keras on TensorFlow adds two halves that are both 1 at exactly 0
(keras/src/backend/tensorflow/nn.py, 3.15); PyTorch's backward kernel divides by alpha in float32
(aten/src/ATen/native/Activation.cpp, 2.13), 3e-9 off in float64 where alpha is not 1.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import EXAMPLES, activated, activation, keyword, seen
from paragone.activations.exact import exponential_unit
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.code import construct
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled


class Celu(Options):
    """Options of CELU."""

    alpha: Positive = 1.0


_KERAS = Helper(
    "celu",
    '''
def celu(x, alpha=1.0):
    """CELU whose derivative at 0 is 1."""
    return ops.where(x > 0, x, alpha * ops.expm1(ops.minimum(x, 0.0) / alpha))
''',
    Note("C5", "Keras' own celu has the derivative 2 at exactly 0 on TensorFlow"),
)
_TORCH = Helper(
    "celu",
    '''
def celu(x: torch.Tensor, alpha: float) -> torch.Tensor:
    """CELU by way of ELU."""
    return alpha * F.elu(x / alpha)
''',
    Note("C5", "the gradient of PyTorch's own celu divides by alpha in float32"),
)


def _keras(site: Site) -> Spelled:
    alpha = keyword(site, "alpha", 1.0)
    if site.matched:
        return Spelled(call=f"celu({{0}}{alpha})", helpers=(_KERAS,)) if alpha else activated(_KERAS)
    if alpha:
        return Spelled(call=f"ops.celu({{0}}{alpha})")
    return Spelled(construct("layers.Activation", "celu"), argument='"celu"')


def _torch(site: Site) -> Spelled:
    alpha = keyword(site, "alpha", 1.0)
    if site.matched and alpha:
        return Spelled(call=f"celu({{0}}{alpha})", helpers=(_TORCH,))
    return Spelled(call=f"F.celu({{0}}{alpha})")


def _alpha(a: Any, _sizes: Sizes) -> Settings:
    return {"alpha": float(a.alpha), "constants": "float64"}


def _in_torch(a: Any, sizes: Sizes) -> Settings:
    return {**_alpha(a, sizes), "constants": "float64" if a.alpha == 1 else "float32"}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return s.alpha * exponential_unit(ops, x / s.alpha, 1.0)


LAYER = activation(
    "celu",
    "x for x > 0, alpha · (exp(x / alpha) - 1) otherwise",
    _keras,
    _torch,
    lambda site: Spelled(call=f"nnx.celu({{0}}{keyword(site, 'alpha', 1.0)})"),
    options=Celu,
    rows=("C5",),
    examples=(*EXAMPLES, {"alpha": 0.7, "shape": (4, 3)}),
    compute=_compute,
    settings=(
        Setting("alpha", "celu-alpha", "C5", 1.0),
        Setting("constants", "float32-constants", "C7", "float64"),
    ),
    found={
        "tensorflow": seen("tensorflow", "", "celu", "x, alpha=1.0, **_", reads=_alpha),
        "torch": seen("torch", "CELU", "celu", "input, alpha=1.0, inplace=False", reads=_in_torch),
        "jax": seen("jax", "", "celu", "x, alpha=1.0", reads=_alpha),
    },
)
