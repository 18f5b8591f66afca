"""Threshold: x where it is above a threshold, a fixed value elsewhere.

The same in keras.activations.threshold (3.15) and torch.nn.functional.threshold (2.13), both without defaults; JAX has
none (jax/nn/__init__.py, 0.10).
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import activation, seen
from paragone.layers.base import Setting, Settings, Sizes
from paragone.spelling.entry import Options
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled


class Threshold(Options):
    """Options of the threshold."""

    threshold: float
    value: float


_JAX = Helper(
    "threshold",
    '''
def threshold(x: jax.Array, above: float, value: float) -> jax.Array:
    """x where it is above a threshold, a fixed value elsewhere."""
    return jnp.where(x > above, x, value)
''',
    Note("C8", "JAX has no threshold"),
)


def _arguments(site: Site) -> str:
    o: Threshold = site.options
    return f"{{0}}, {o.threshold!r}, {o.value!r}"


def _given(a: Any, _sizes: Sizes) -> Settings:
    return {"threshold": float(a.threshold), "value": float(getattr(a, "value", getattr(a, "default_value", 0.0)))}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.where(x > s.threshold, x, ops.constant(s.value, x))


LAYER = activation(
    "threshold",
    "x where x > threshold, value elsewhere",
    lambda site: Spelled(call=f"ops.threshold({_arguments(site)})"),
    lambda site: Spelled(call=f"F.threshold({_arguments(site)})"),
    lambda site: Spelled(call=f"threshold({_arguments(site)})", helpers=(_JAX,)),
    options=Threshold,
    examples=(
        {"threshold": 0.3, "value": 0.1, "shape": (7,)},
        {"threshold": -0.2, "value": -1.0, "shape": (4, 5, 3)},
    ),
    compute=_compute,
    settings=(Setting("threshold", "threshold", "C8"), Setting("value", "threshold-value", "C8")),
    found={
        "tensorflow": seen("tensorflow", "", "threshold", "x, threshold, default_value", reads=_given),
        "torch": seen("torch", "Threshold", "threshold", "input, threshold, value, inplace=False", reads=_given),
    },
)
