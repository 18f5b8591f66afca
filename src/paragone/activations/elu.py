"""ELU: x for positive x, alpha · (exp(x) - 1) otherwise.

The same in keras.layers.ELU (3.15), torch.nn.functional.elu (2.13) and jax.nn.elu (0.10); the derivative at 0 is alpha
in all of them (row C5).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import EXAMPLES, activation, keyword, seen
from paragone.activations.exact import exponential_unit
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.code import DEFAULT, construct
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled


class Elu(Options):
    """Options of ELU."""

    alpha: Positive = 1.0


def _keras(site: Site) -> Spelled:
    alpha = site.given("alpha", 1.0)
    return Spelled(construct("layers.ELU", alpha=alpha), argument='"elu"' if alpha is DEFAULT else "")


def _alpha(a: Any, _sizes: Sizes) -> Settings:
    return {"alpha": float(a.alpha)}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return exponential_unit(ops, x, s.alpha)


LAYER = activation(
    "elu",
    "x for x > 0, alpha · (exp(x) - 1) otherwise",
    _keras,
    lambda site: Spelled(call=f"F.elu({{0}}{keyword(site, 'alpha', 1.0)})"),
    lambda site: Spelled(call=f"nnx.elu({{0}}{keyword(site, 'alpha', 1.0)})"),
    options=Elu,
    rows=("C5",),
    examples=(*EXAMPLES, {"alpha": 0.7, "shape": (4, 3)}),
    compute=_compute,
    settings=(Setting("alpha", "elu-alpha", "C5", 1.0),),
    found={
        "tensorflow": seen("tensorflow", "ELU", "elu", "x, alpha=1.0, **_", reads=_alpha),
        "torch": seen("torch", "ELU", "elu", "input, alpha=1.0, inplace=False", reads=_alpha),
        "jax": seen("jax", "", "elu", "x, alpha=1.0", reads=_alpha),
    },
)
