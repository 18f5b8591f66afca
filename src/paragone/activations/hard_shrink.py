"""Hard shrinkage: x where |x| is above a threshold, 0 elsewhere.

The same in keras.activations.hard_shrink (3.15) and torch.nn.functional.hardshrink (2.13), with 0.5 by default; JAX has
none (jax/nn/__init__.py, 0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import EXAMPLES, activation, keyword, seen
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.code import construct
from paragone.spelling.entry import Options, Positive
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled


class HardShrink(Options):
    """Options of hard shrinkage."""

    threshold: Positive = 0.5


_JAX = Helper(
    "hard_shrink",
    '''
def hard_shrink(x: jax.Array, threshold: float = 0.5) -> jax.Array:
    """x where its absolute value is above the threshold, 0 elsewhere."""
    return jnp.where(jnp.abs(x) > threshold, x, 0.0)
''',
    Note("C8", "JAX has no hard shrinkage"),
)


def _keras(site: Site) -> Spelled:
    if threshold := keyword(site, "threshold", 0.5):
        return Spelled(call=f"ops.hard_shrink({{0}}{threshold})")
    return Spelled(construct("layers.Activation", "hard_shrink"), argument='"hard_shrink"')


def _given(a: Any, _sizes: Sizes) -> Settings:
    return {"threshold": float(getattr(a, "lambd", getattr(a, "threshold", 0.5)))}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.where(ops.abs(x) > s.threshold, x, ops.constant(0.0, x))


LAYER = activation(
    "hard_shrink",
    "x where |x| > threshold, 0 elsewhere",
    _keras,
    lambda site: Spelled(call=f"F.hardshrink({{0}}{keyword(site, 'threshold', 0.5, 'lambd')})"),
    lambda site: Spelled(call=f"hard_shrink({{0}}{keyword(site, 'threshold', 0.5)})", helpers=(_JAX,)),
    options=HardShrink,
    examples=(*EXAMPLES, {"threshold": 0.3, "shape": (4, 3)}),
    compute=_compute,
    settings=(Setting("threshold", "shrink-threshold", "C8", 0.5),),
    found={
        "tensorflow": seen("tensorflow", "", "hard_shrink", "x, threshold=0.5", reads=_given),
        "torch": seen("torch", "Hardshrink", "hardshrink", "input, lambd=0.5", reads=_given),
    },
)
