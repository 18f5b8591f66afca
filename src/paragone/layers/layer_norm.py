"""Layer normalisation over the last axis.

Canonical weights: `scale`, `offset` (features). `epsilon` is 1e-3 in Keras
(keras/src/layers/normalization/layer_normalization.py, 3.15), 1e-5 in PyTorch (torch/nn/modules/normalization.py,
2.13) and 1e-6 in Flax (flax/nnx/nn/normalization.py, 0.12). As a word of task files it is 1e-5.
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling, Weight
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import Entry
from paragone.spelling.norms import Normalisation, affine, channelled, jax_norm, keras_norm, torch_affine, torch_frozen
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


def _output(_options: Normalisation, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor(channelled(inputs, 0, 9))


def _keras(site: Site) -> Spelled:
    return keras_norm(site, "B9", "LayerNormalization")


def _torch(site: Site) -> Spelled:
    o: Normalisation = site.options
    made = construct(
        "nn.LayerNorm",
        site.channels,
        eps=site.given("epsilon", 1e-5),
        elementwise_affine=unless(True, o.scale or o.center),
        bias=unless(True, o.center or not o.scale),
    )
    setup = () if o.scale else torch_frozen(o)
    return Spelled(made, layout="last", placed=torch_affine(o), setup=setup)


def _jax(site: Site) -> Spelled:
    return jax_norm(site, "B9", 1e-6, "LayerNorm")


def _spelling(name: str, scale: str, offset: str, epsilon: str, write: Write) -> Spelling:
    weights = (Weight("scale", scale), Weight("offset", offset))
    return Spelling((name,), weights, (Attribute("epsilon", epsilon, "layer-norm-epsilon", "B9"),), write)


LAYER = LayerKind(
    "layer_norm",
    {
        "tensorflow": _spelling("LayerNormalization", "gamma", "beta", "epsilon", _keras),
        "torch": _spelling("LayerNorm", "weight", "bias", "eps", _torch),
        "jax": _spelling("LayerNorm", "scale", "bias", "epsilon", _jax),
    },
    Entry(
        "scale · (x - mean) / √(variance + epsilon) + offset, with mean and variance over the last axis",
        Normalisation,
        _output,
        affine,
        rows=("B7", "B9"),
        examples=(
            {"shape": (5,)},
            {"epsilon": 0.01, "shape": (4, 3)},
            {"center": False, "shape": (4, 5, 3)},
            {"scale": False, "shape": (4, 3)},
            {"center": False, "scale": False, "shape": (5,)},
        ),
    ),
)
