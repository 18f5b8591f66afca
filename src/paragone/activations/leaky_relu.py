"""Leaky ReLU: x for positive x, slope · x otherwise.

It has no weights. The slope is 0.3 by default in Keras' layer (keras/src/layers/activations/leaky_relu.py, 3.15) and
0.01 in PyTorch (torch/nn/modules/activation.py, 2.13). In Flax it is a function, with 0.01 (jax/_src/nn/functions.py,
0.10). TensorFlow's kernel holds the slope in float32 (row C7). At exactly 0, as behind a convolution of black pixels,
JAX takes the derivative from the right, 1, the others that from the left, the slope: the canonical one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paragone.activations.base import keyword, seen, spelling
from paragone.layers.base import Attribute, Function, LayerKind, Setting, Settings, Sizes, Spelling
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, Positive, same_shape
from paragone.spelling.norms import default_note
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Helper, Note, Spelled


class LeakyRelu(Options):
    """Options of leaky ReLU."""

    slope: Positive = 0.01


KERAS = Helper(
    "LeakyReLU",
    '''
class LeakyReLU(layers.LeakyReLU):
    """Leaky ReLU in the precision of its input."""

    def call(self, inputs):
        return ops.where(inputs > 0, inputs, self.negative_slope * inputs)
''',
    Note("C7", "TensorFlow's own leaky ReLU holds the slope in float32"),
)
_JAX = Helper(
    "leaky_relu",
    '''
def leaky_relu(x: jax.Array, negative_slope: float = 0.01) -> jax.Array:
    """Leaky ReLU whose derivative at 0 is the slope."""
    return jnp.where(x > 0, x, negative_slope * x)
''',
    Note("C2", "the derivative of jax.nn.leaky_relu at exactly 0 is 1, in TensorFlow and PyTorch it is the slope"),
)


def _keras(site: Site) -> Spelled:
    slope = site.given("slope", 0.3)
    if site.matched:
        notes = default_note(site, "slope", "C2", "Keras", 0.3)
        return Spelled(construct("LeakyReLU", negative_slope=slope), helpers=(KERAS,), notes=notes)
    return Spelled(construct("layers.LeakyReLU", negative_slope=slope))


def _torch(site: Site) -> Spelled:
    return Spelled(call=f"F.leaky_relu({{0}}{keyword(site, 'slope', 0.01, 'negative_slope')})")


def _jax(site: Site) -> Spelled:
    slope = keyword(site, "slope", 0.01, "negative_slope")
    if site.matched:
        return Spelled(call=f"leaky_relu({{0}}{slope})", helpers=(_JAX,))
    return Spelled(call=f"nnx.leaky_relu({{0}}{slope})")


def _slope(a: Any, _sizes: Sizes) -> Settings:
    return {"slope": float(a.negative_slope)}


def _alpha(a: Any, _sizes: Sizes) -> Settings:
    return {"slope": float(a.alpha)}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    return ops.where(x > 0, x, s.slope * x)


def _spelling(framework: str, parameters: str, write: Write, *more: Function, classes: str = "LeakyReLU") -> Spelling:
    found = seen(framework, classes, "leaky_relu", parameters, _slope)
    found = replace(found, functions=(*found.functions, *more))
    kept = (Attribute("slope", "negative_slope", "leaky-relu-slope", "C2"),)
    return replace(spelling(found, write), attributes=kept)


_TENSORFLOW = Function(("tensorflow.nn.leaky_relu",), "features, alpha=0.2, name=None", _alpha)


LAYER = LayerKind(
    "leaky_relu",
    {
        "tensorflow": _spelling("tensorflow", "x, negative_slope=0.2", _keras, _TENSORFLOW),
        "torch": _spelling("torch", "input, negative_slope=0.01, inplace=False", _torch),
        "jax": _spelling("jax", "x, negative_slope=0.01", _jax, classes=""),
    },
    Entry(
        "x for x > 0, slope · x otherwise",
        LeakyRelu,
        same_shape,
        function=True,
        rows=("C2", "C7"),
        examples=({"shape": (7,)}, {"slope": 0.1, "shape": (4, 5, 3)}),
    ),
    (Setting("slope", "leaky-relu-slope", "C2", 0.01, (0.1, 0.2, 0.3)),),
    _compute,
    activation=True,
)
