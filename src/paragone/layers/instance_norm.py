"""Instance normalisation: each channel of each sample by itself, over all positions.

In Keras it is `GroupNormalization(groups=-1)` (keras/src/layers/normalization/group_normalization.py, 3.15), with scale
and offset; PyTorch's has neither by default (torch/nn/modules/instancenorm.py, 2.13); Flax has both
(flax/nnx/nn/normalization.py, 0.12). `epsilon` is 1e-3, 1e-5 and 1e-6 (row B12). As a word of task files it is 1e-5.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from paragone.layers.base import Attribute, LayerKind, Spelling
from paragone.layers.functional import with_function
from paragone.layers.norm_traits import fast_variance, scale_and_offset
from paragone.spelling.entry import Entry, UnfitError
from paragone.spelling.norms import Normalisation, affine, channelled, jax_norm, keras_norm, torch_norm
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Note, Spelled
from paragone.task.tensor import Tensor


def _output(_options: Normalisation, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = channelled(inputs, 1, 3)
    if prod(shape[:-1]) == 1:
        raise UnfitError("more than one position", inputs[0].words())
    return Tensor(shape)


def _keras(site: Site) -> Spelled:
    return keras_norm(site, "B12", "GroupNormalization", groups=-1)


def _torch(site: Site) -> Spelled:
    spelled = torch_norm(site, f"nn.InstanceNorm{site.rank}d", site.channels, affine=False)
    if not (site.matched and spelled.placed):
        return spelled
    return replace(spelled, notes=(Note("B12", "PyTorch's instance norm has no scale and offset by default"),))


def _jax(site: Site) -> Spelled:
    return jax_norm(site, "B12", 1e-6, "InstanceNorm")


def _spelling(name: str, scale: str, offset: str, epsilon: str, write: Write, fast: str = "") -> Spelling:
    traits = (Attribute("epsilon", epsilon, "instance-norm-epsilon", "B12"), fast_variance(fast))
    return Spelling((name,), scale_and_offset(scale, offset), traits, write)


def _each_channel(thing: Any) -> bool:
    """Whether a group normalisation of Keras has a group for each channel; -1 becomes their number when it is built."""
    axes = getattr(thing.input_spec, "axes", None) or {}
    return thing.groups == -1 or thing.groups in axes.values()


LAYER = LayerKind(
    "instance_norm",
    {
        "tensorflow": replace(_spelling("GroupNormalization", "gamma", "beta", "epsilon", _keras), when=_each_channel),
        "torch": with_function(
            _spelling("_InstanceNorm", "weight", "bias", "eps", _torch),
            "torch.nn.functional.instance_norm",
            "input, running_mean=None, running_var=None, weight=None, bias=None, use_input_stats=True, momentum=0.1, "
            "eps=1e-5",
            epsilon="eps",
        ),
        "jax": _spelling("InstanceNorm", "scale", "bias", "epsilon", _jax, "use_fast_variance"),
    },
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
