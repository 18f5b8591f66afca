"""Soft shrinkage: x moved towards 0 by a threshold, 0 between.

The same in keras.activations.soft_shrink (3.15) and torch.nn.functional.softshrink (2.13), with 0.5 by default; JAX has
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


class SoftShrink(Options):
    """Options of soft shrinkage."""

    threshold: Positive = 0.5


_JAX = Helper(
    "soft_shrink",
    '''
def soft_shrink(x: jax.Array, threshold: float = 0.5) -> jax.Array:
    """x moved towards 0 by the threshold, 0 between."""
    return jnp.where(jnp.abs(x) > threshold, x - threshold * jnp.sign(x), 0.0)
''',
    Note("C8", "JAX has no soft shrinkage"),
)


def _keras(site: Site) -> Spelled:
    if threshold := keyword(site, "threshold", 0.5):
        return Spelled(call=f"ops.soft_shrink({{0}}{threshold})")
    return Spelled(construct("layers.Activation", "soft_shrink"), argument='"soft_shrink"')


def _given(a: Any, _sizes: Sizes) -> Settings:
    return {"threshold": float(getattr(a, "lambd", getattr(a, "threshold", 0.5)))}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.where(
        x > s.threshold, x - s.threshold, ops.where(x < -s.threshold, x + s.threshold, ops.constant(0.0, x))
    )


LAYER = activation(
    "soft_shrink",
    "sign(x) · max(|x| - threshold, 0)",
    _keras,
    lambda site: Spelled(call=f"F.softshrink({{0}}{keyword(site, 'threshold', 0.5, 'lambd')})"),
    lambda site: Spelled(call=f"soft_shrink({{0}}{keyword(site, 'threshold', 0.5)})", helpers=(_JAX,)),
    options=SoftShrink,
    examples=(*EXAMPLES, {"threshold": 0.3, "shape": (4, 3)}),
    compute=_compute,
    settings=(Setting("threshold", "shrink-threshold", "C8", 0.5),),
    found={
        "tensorflow": seen("tensorflow", "", "soft_shrink", "x, threshold=0.5", reads=_given),
        "torch": seen("torch", "Softshrink", "softshrink", "input, lambd=0.5", reads=_given),
    },
)
