"""Squareplus: (x + √(x² + b)) / 2.

The same in keras.activations.squareplus (3.15) and jax.nn.squareplus (0.10), with b = 4 by default; PyTorch has none
(torch/nn/functional.py, 2.13).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import EXAMPLES, activation, keyword, seen
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.code import construct
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled


class Squareplus(Options):
    """Options of squareplus."""

    b: Positive = 4.0


_TORCH = Helper(
    "squareplus",
    '''
def squareplus(x: torch.Tensor, b: float = 4.0) -> torch.Tensor:
    """A smooth ReLU without exponentials."""
    return (x + torch.sqrt(torch.square(x) + b)) / 2
''',
    Note("C8", "PyTorch has no squareplus"),
)


def _keras(site: Site) -> Spelled:
    if b := keyword(site, "b", 4.0):
        return Spelled(call=f"ops.squareplus({{0}}{b})")
    return Spelled(construct("layers.Activation", "squareplus"), argument='"squareplus"')


def _b(a: Any, _sizes: Sizes) -> Settings:
    return {"b": float(a.b)}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return (x + ops.sqrt(x * x + s.b)) / 2.0


LAYER = activation(
    "squareplus",
    "(x + √(x² + b)) / 2",
    _keras,
    lambda site: Spelled(call=f"squareplus({{0}}{keyword(site, 'b', 4.0)})", helpers=(_TORCH,)),
    lambda site: Spelled(call=f"jax.nn.squareplus({{0}}{keyword(site, 'b', 4.0)})"),
    options=Squareplus,
    examples=(*EXAMPLES, {"b": 0.5, "shape": (4, 3)}),
    compute=_compute,
    settings=(Setting("b", "squareplus-b", "C8", 4),),
    found={
        "tensorflow": seen("tensorflow", "", "squareplus", "x, b=4", reads=_b),
        "jax": seen("jax", "", "squareplus", "x, b=4", reads=_b),
    },
)
