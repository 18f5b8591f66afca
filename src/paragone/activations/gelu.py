"""GELU: x · Φ(x), exactly or in its tanh approximation.

Exact by default in the activation of Keras (keras/src/activations/activations.py, 3.15) and in PyTorch
(torch/nn/functional.py, 2.13); jax.nn.gelu approximates by default (jax/_src/nn/functions.py, 0.10; row C1). TensorFlow
computes it with float32 constants (tensorflow/python/ops/nn_ops.py, 2.21; row C7), so `matched` brings a helper.
"""

from __future__ import annotations

import math
from typing import Any

from paragone.activations.base import activated, seen, spelling
from paragone.layers.base import LayerKind, Setting, Settings, Sizes
from paragone.spelling.code import construct
from paragone.spelling.entry import Entry, Options, same_shape
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Spelled


class Gelu(Options):
    """Options of GELU."""

    approximate: bool = False


EXACT = Helper(
    "gelu",
    '''
def gelu(x):
    """x · Φ(x), with Φ the normal distribution function."""
    return 0.5 * x * (1.0 + ops.erf(x / math.sqrt(2.0)))
''',
    Note("C7", "TensorFlow's own gelu computes with float32 constants"),
    ("import math",),
)
TANH = Helper(
    "gelu_tanh",
    '''
def gelu_tanh(x):
    """The tanh approximation of x · Φ(x)."""
    return 0.5 * x * (1.0 + ops.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x * x * x)))
''',
    Note("C7", "TensorFlow's own gelu computes with float32 constants"),
    ("import math",),
)


def _keras(site: Site) -> Spelled:
    approximate = site.options.approximate
    if site.matched:
        helper = TANH if approximate else EXACT
        return activated(helper)
    if approximate:
        return Spelled(call="ops.gelu({0}, approximate=True)")
    return Spelled(construct("layers.Activation", "gelu"), argument='"gelu"')


def _torch(site: Site) -> Spelled:
    return Spelled(call='F.gelu({0}, approximate="tanh")' if site.options.approximate else "F.gelu({0})")


def _jax(site: Site) -> Spelled:
    if site.given("approximate", True) is not False:
        return Spelled(call="nnx.gelu({0})")
    note = Note("C1", "jax.nn.gelu is the tanh approximation by default")
    return Spelled(call="nnx.gelu({0}, approximate=False)", notes=(note,))


def _form(a: Any, _sizes: Sizes) -> Settings:
    return {"approximate": a.approximate is True or a.approximate == "tanh"}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    if s.approximate:
        return 0.5 * x * (1.0 + ops.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * x * x * x)))
    return 0.5 * x * (1.0 + ops.erf(x / math.sqrt(2.0)))


LAYER = LayerKind(
    "gelu",
    {
        "tensorflow": spelling(seen("tensorflow", "", "gelu", "x, approximate=True", _form), _keras),
        "torch": spelling(seen("torch", "GELU", "gelu", "input, *, approximate='none'", _form), _torch),
        "jax": spelling(seen("jax", "", "gelu", "x, approximate=True", _form), _jax),
    },
    Entry(
        "x · Φ(x), with Φ the normal distribution function; or its tanh approximation",
        Gelu,
        same_shape,
        function=True,
        rows=("C1", "C7"),
        examples=({"shape": (7,)}, {"approximate": True, "shape": (4, 3)}),
    ),
    (Setting("approximate", "gelu-approximation", "C1", False, (True,)),),
    _compute,
    activation=True,
)
