"""Group normalisation over groups of channels.

Canonical weights: `scale`, `offset` (channels). `epsilon` is 1e-3 in Keras
(keras/src/layers/normalization/group_normalization.py, 3.15), 1e-5 in PyTorch (torch/nn/modules/normalization.py,
2.13) and 1e-6 in Flax (flax/nnx/nn/normalization.py, 0.12). As a word of task files it is 1e-5.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import Any

from paragone.layers.base import Attribute, LayerKind, Spelling
from paragone.layers.functional import with_function
from paragone.layers.norm_traits import fast_variance, scale_and_offset
from paragone.spelling.entry import Entry, Size, UnfitError
from paragone.spelling.norms import Normalisation, affine, channelled, jax_norm, keras_norm, torch_norm
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Spelled
from paragone.task.tensor import Tensor


class GroupNorm(Normalisation):
    """Options of group normalisation."""

    groups: Size


def _output(options: GroupNorm, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = channelled(inputs, 0, 3)
    if shape[-1] % options.groups:
        raise UnfitError(f"a number that divides the {shape[-1]} channels", str(options.groups), "groups")
    if prod(shape) == options.groups:
        raise UnfitError("groups of more than one number", inputs[0].words(), "groups")
    return Tensor(shape)


def _keras(site: Site) -> Spelled:
    return keras_norm(site, "B10", "GroupNormalization", site.options.groups)


def _torch(site: Site) -> Spelled:
    return torch_norm(site, "nn.GroupNorm", site.options.groups, site.channels)


def _jax(site: Site) -> Spelled:
    return jax_norm(site, "B10", 1e-6, "GroupNorm", num_groups=site.options.groups)


def _several_channels(thing: Any) -> bool:
    """Keras' instance normalisation is of the same class, with a group for each channel."""
    axes = getattr(thing.input_spec, "axes", None) or {}
    return thing.groups != -1 and thing.groups not in axes.values()


def _group_again(thing: Any, groups: int) -> None:
    """Flax keeps the size of a group as well, and computes with both."""
    channels = thing.num_groups * thing.group_size
    thing.num_groups, thing.group_size = groups, channels // groups


def _spelling(name: str, scale: str, offset: str, epsilon: str, groups: str, write: Write, fast: str = "") -> Spelling:
    attributes = (
        fast_variance(fast),
        Attribute("epsilon", epsilon, "group-norm-epsilon", "B10"),
        Attribute("groups", groups, "group-norm-groups", "B10"),
    )
    return Spelling((name,), scale_and_offset(scale, offset), attributes, write)


def _regrouped(spelling: Spelling) -> Spelling:
    *others, groups = spelling.attributes
    return replace(spelling, attributes=(*others, replace(groups, writes=_group_again)))


LAYER = LayerKind(
    "group_norm",
    {
        "tensorflow": replace(
            _spelling("GroupNormalization", "gamma", "beta", "epsilon", "groups", _keras), when=_several_channels
        ),
        "torch": with_function(
            _spelling("GroupNorm", "weight", "bias", "eps", "num_groups", _torch),
            "torch.nn.functional.group_norm",
            "input, num_groups, weight=None, bias=None, eps=1e-5",
            epsilon="eps",
            groups="num_groups",
        ),
        "jax": _regrouped(_spelling("GroupNorm", "scale", "bias", "epsilon", "num_groups", _jax, "use_fast_variance")),
    },
    Entry(
        "scale · (x - mean) / √(variance + epsilon) + offset, with mean and variance over all positions of a group of "
        "channels",
        GroupNorm,
        _output,
        affine,
        rows=("B7", "B10"),
        examples=(
            {"groups": 2, "shape": (6,)},
            {"groups": 3, "epsilon": 0.01, "shape": (4, 6)},
            {"groups": 2, "center": False, "shape": (4, 5, 4)},
            {"groups": 1, "scale": False, "shape": (2, 3, 2, 3)},
        ),
    ),
)
