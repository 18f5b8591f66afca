"""Instance normalisation: each channel of each sample by itself, over all positions.

In Keras it is `GroupNormalization(groups=-1)` (keras/src/layers/normalization/group_normalization.py, 3.15), with scale
and offset; PyTorch's has neither by default (torch/nn/modules/instancenorm.py, 2.13); Flax has both
(flax/nnx/nn/normalization.py, 0.12). `epsilon` is 1e-3, 1e-5 and 1e-6 (row B12). As a word of task files it is 1e-5.
"""

from __future__ import annotations

from math import prod

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import Entry, UnfitError
from paragone.spelling.norms import (
    Normalisation,
    affine,
    channelled,
    jax_affine,
    jax_norm,
    jax_notes,
    keras_affine,
    keras_norm,
    torch_affine,
    torch_frozen,
)
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


def _output(_options: Normalisation, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = channelled(inputs, 1, 3)
    if prod(shape[:-1]) == 1:
        raise UnfitError("more than one position", inputs[0].words())
    return Tensor(shape)


def _keras(site: Site) -> Spelled:
    return Spelled(keras_norm(site, "GroupNormalization", groups=-1), placed=keras_affine(site.options))


def _torch(site: Site) -> Spelled:
    o: Normalisation = site.options
    made = construct(
        f"nn.InstanceNorm{site.rank}d",
        site.channels,
        eps=site.given("epsilon", 1e-5),
        affine=unless(False, o.scale or o.center),
    )
    return Spelled(made, layout="first", placed=torch_affine(o), setup=torch_frozen(o))


def _jax(site: Site) -> Spelled:
    return Spelled(jax_norm(site, "InstanceNorm", 1e-6), placed=jax_affine(site.options), notes=jax_notes(site))


LAYER = LayerKind(
    "instance_norm",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "scale · (x - mean) / √(variance + epsilon) + offset, mean and variance over all positions of each channel",
        Normalisation,
        _output,
        affine,
        rows=("B7", "B12"),
        examples=(
            {"shape": (4, 3)},
            {"epsilon": 0.01, "shape": (4, 5, 3)},
            {"center": False, "shape": (2, 3, 2, 3)},
            {"center": False, "scale": False, "shape": (4, 5, 3)},
        ),
    ),
)
