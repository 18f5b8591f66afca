"""Layer normalisation over the last axis, or the last few.

Canonical weights: `scale`, `offset` (the normalised axes). `epsilon` is 1e-3 in Keras
(keras/src/layers/normalization/layer_normalization.py, 3.15), 1e-5 in PyTorch (torch/nn/modules/normalization.py,
2.13) and 1e-6 in Flax (flax/nnx/nn/normalization.py, 0.12). As a word of task files it is 1e-5.

Over several axes Keras takes a list of them and PyTorch their sizes; Flax keeps scale and offset flat, and has an axis
for each only while it computes. Where all axes are normalised, PyTorch's side leaves the channels where they are: the
weights have them first then.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.layers.base import Attribute, LayerKind, Spelling
from paragone.layers.functional import with_function
from paragone.layers.norm_traits import fast_variance, scale_and_offset
from paragone.spelling.code import construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, UnfitError
from paragone.spelling.norms import (
    Normalisation,
    affine_weights,
    channelled,
    jax_norm,
    keras_norm,
    torch_affine,
    torch_frozen,
)
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Spelled, Stacked, Step
from paragone.task.tensor import Tensor


class LayerNorm(Normalisation):
    """Options of layer normalisation: `last_axes` is over how many axes, counted from the end."""

    last_axes: Annotated[int, Field(gt=0, le=16, strict=True)] = 1


def _output(options: LayerNorm, inputs: tuple[Tensor, ...]) -> Tensor:
    shape = channelled(inputs, 0, 9)
    if options.last_axes > len(shape):
        raise UnfitError(f"at most the {len(shape)} of {inputs[0].words()}", str(options.last_axes), "last_axes")
    return Tensor(shape)


def _weights(options: LayerNorm, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    return affine_weights(options, inputs[0].shape[-options.last_axes :])


def _axes(count: int) -> tuple[int, ...]:
    return tuple(range(-count, 0))


def _keras(site: Site) -> Spelled:
    count = site.options.last_axes
    return keras_norm(site, "B9", "LayerNormalization", axis=unless((-1,), _axes(count)))


def _torch(site: Site) -> Spelled:
    o: LayerNorm = site.options
    shape = site.inputs[0].shape[-o.last_axes :]
    whole = o.last_axes == len(site.inputs[0].shape)
    steps: tuple[Step, ...] = ()
    stacked = Stacked((1, *shape)) if len(shape) > 2 else None
    if whole and site.layout == "first" and o.last_axes > 1:
        shape = (shape[-1], *shape[:-1])
        steps = (("transpose", (*range(1, o.last_axes), 0)),)
        stacked = Stacked((1, *shape), (-1, 1)) if len(shape) > 2 else None
    made = construct(
        "nn.LayerNorm",
        shape[0] if len(shape) == 1 else shape,
        eps=site.given("epsilon", 1e-5),
        elementwise_affine=unless(True, o.scale or o.center),
        bias=unless(True, o.center or not o.scale),
    )
    setup = () if o.scale else torch_frozen(o)
    return Spelled(made, layout="any" if whole else "last", placed=torch_affine(o, steps, stacked), setup=setup)


def _jax(site: Site) -> Spelled:
    count = site.options.last_axes
    shape = site.inputs[0].shape[-count:]
    several = unless((-1,), _axes(count))
    return jax_norm(site, "B9", 1e-6, "LayerNorm", shape, reduction_axes=several, feature_axes=several)


def _spelling(name: str, scale: str, offset: str, epsilon: str, write: Write, fast: str = "") -> Spelling:
    traits = (Attribute("epsilon", epsilon, "layer-norm-epsilon", "B9"), fast_variance(fast))
    return Spelling((name,), scale_and_offset(scale, offset), traits, write)


LAYER = LayerKind(
    "layer_norm",
    {
        "tensorflow": with_function(
            _spelling("LayerNormalization", "gamma", "beta", "epsilon", _keras),
            "keras.ops.layer_normalization",
            "x, gamma=None, beta=None, axis=-1, epsilon=1e-7, **_",
            epsilon="epsilon",
        ),
        "torch": with_function(
            _spelling("LayerNorm", "weight", "bias", "eps", _torch),
            "torch.nn.functional.layer_norm",
            "input, normalized_shape, weight=None, bias=None, eps=1e-5",
            epsilon="eps",
        ),
        "jax": _spelling("LayerNorm", "scale", "bias", "epsilon", _jax, "use_fast_variance"),
    },
    Entry(
        "scale · (x - mean) / √(variance + epsilon) + offset, over the last axis, or the last few",
        LayerNorm,
        _output,
        _weights,
        rows=("B7", "B9"),
        examples=(
            {"shape": (5,)},
            {"epsilon": 0.01, "shape": (4, 3)},
            {"center": False, "shape": (4, 5, 3)},
            {"scale": False, "shape": (4, 3)},
            {"center": False, "scale": False, "shape": (5,)},
            {"last_axes": 2, "shape": (4, 3)},
            {"last_axes": 2, "center": False, "shape": (4, 5, 3)},
            {"last_axes": 3, "shape": (4, 5, 3)},
        ),
    ),
)
