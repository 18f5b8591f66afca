"""RMS normalisation over the last axis: each vector over its root mean square, times a scale.

`epsilon` is 1e-6 in Keras (keras/src/layers/normalization/rms_normalization.py, 3.15) and Flax
(flax/nnx/nn/normalization.py, 0.12), in PyTorch the machine epsilon of the input's type
(torch/nn/modules/normalization.py, 2.13; row B11). As a word of task files it is 1e-6.
"""

from __future__ import annotations

import sys
from typing import Any

from paragone.initialisers.base import Start
from paragone.layers.base import Attribute, LayerKind, Spelling, Weight
from paragone.layers.functional import with_function
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import CanonicalWeight, Entry, Options, Positive
from paragone.spelling.norms import channelled, default_note
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Placed, Spelled
from paragone.task.tensor import Tensor


class RmsNorm(Options):
    """Options of RMS normalisation."""

    epsilon: Positive = 1e-6


def _output(_options: RmsNorm, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor(channelled(inputs, 0, 9))


def _weights(_options: RmsNorm, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    return (CanonicalWeight("scale", inputs[0].shape[-1:], Start("ones")),)


def _keras(site: Site) -> Spelled:
    made = construct("layers.RMSNormalization", epsilon=site.given("epsilon", 1e-6))
    return Spelled(made, placed=(Placed("scale", "scale", default="ones"),))


def _torch(site: Site) -> Spelled:
    made = construct("nn.RMSNorm", site.channels, eps=site.given("epsilon", None))
    return Spelled(
        made,
        layout="last",
        placed=(Placed("scale", "weight", default="ones"),),
        notes=default_note(site, "epsilon", "B11", "PyTorch", "machine epsilon"),
    )


def _jax(site: Site) -> Spelled:
    made = construct("nnx.RMSNorm", site.channels, epsilon=site.given("epsilon", 1e-6), rngs=Code("rngs"))
    return Spelled(made, placed=(Placed("scale", "scale", default="ones"),))


def _or_machine(epsilon: Any) -> float:
    """PyTorch's None is the machine epsilon of the input's type; float64 decides."""
    return sys.float_info.epsilon if epsilon is None else float(epsilon)


def _spelling(name: str, scale: str, epsilon: str, write: Write) -> Spelling:
    traits = (Attribute("epsilon", epsilon, "rms-norm-epsilon", "B11", _or_machine),)
    return Spelling((name,), (Weight("scale", scale),), traits, write)


LAYER = LayerKind(
    "rms_norm",
    {
        "tensorflow": with_function(
            _spelling("RMSNormalization", "scale", "epsilon", _keras),
            "keras.ops.rms_normalization",
            "x, scale=None, axis=-1, epsilon=1e-7",
            epsilon="epsilon",
        ),
        "torch": with_function(
            _spelling("RMSNorm", "weight", "eps", _torch),
            "torch.nn.functional.rms_norm",
            "input, normalized_shape, weight=None, eps=None",
            epsilon="eps",
        ),
        "jax": _spelling("RMSNorm", "scale", "epsilon", _jax),
    },
    Entry(
        "scale · x / √(mean of x² + epsilon), over the last axis",
        RmsNorm,
        _output,
        _weights,
        rows=("B11",),
        examples=({"shape": (5,)}, {"epsilon": 0.01, "shape": (4, 5, 3)}),
    ),
)
