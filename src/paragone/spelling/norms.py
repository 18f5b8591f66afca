"""What normalisations have in common: their scale and offset, as canonical weights and in each framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paragone.initialisers.base import Start
from paragone.spelling.code import Code, Construct, construct, unless
from paragone.spelling.entry import CanonicalWeight, Options, Positive, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Placed
from paragone.task.tensor import Tensor

SLOW_VARIANCE = Note("B7", "Flax would take the variance as E[x²] - E[x]², which cancels")


class Normalisation(Options):
    """Options of a normalisation that has a scale and an offset."""

    epsilon: Positive = 1e-5
    center: bool = True
    scale: bool = True


def channelled(inputs: tuple[Tensor, ...], least: int, most: int) -> tuple[int, ...]:
    """The shape of an input with channels and between `least` and `most` axes before them.

    Raises:
        UnfitError: it is another.
    """
    shape, rank = inputs[0].shape, len(inputs[0].shape) - 1
    if inputs[0].kind != "float" or not least <= rank <= most:
        axes = f"{least} to {most} spatial axes and channels" if most < 9 else "at least one axis"
        raise UnfitError(f"an input of floating numbers with {axes}", inputs[0].words())
    return shape


def affine(options: Any, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    """The scale and the offset, one number for each channel."""
    shape = inputs[0].shape[-1:]
    scale = CanonicalWeight("scale", shape, Start("ones"), "scale_initializer")
    offset = CanonicalWeight("offset", shape, Start("zeros"), "offset_initializer")
    return (*((scale,) if options.scale else ()), *((offset,) if options.center else ()))


def _chosen(options: Any, scale: Placed, offset: Placed) -> tuple[Placed, ...]:
    return (*((scale,) if options.scale else ()), *((offset,) if options.center else ()))


def keras_affine(options: Any) -> tuple[Placed, ...]:
    """Where Keras has them."""
    scale = Placed("scale", "gamma", argument="gamma_initializer", default="ones")
    return _chosen(options, scale, Placed("offset", "beta", argument="beta_initializer", default="zeros"))


def torch_affine(options: Any) -> tuple[Placed, ...]:
    """Where PyTorch has them."""
    return _chosen(options, Placed("scale", "weight", default="ones"), Placed("offset", "bias", default="zeros"))


def jax_affine(options: Any) -> tuple[Placed, ...]:
    """Where Flax has them."""
    scale = Placed("scale", "scale", argument="scale_init", default="ones")
    return _chosen(options, scale, Placed("offset", "bias", argument="bias_init", default="zeros"))


def torch_frozen(options: Any) -> tuple[str, ...]:
    """PyTorch has both or none: statements that leave the one that is not wanted as it starts."""
    return tuple(_frozen(options)) if options.scale or options.center else ()


def _frozen(options: Any) -> Iterator[str]:
    if not options.scale:
        yield "{layer}.weight.requires_grad_(False)  # no scale"
    if not options.center:
        yield "{layer}.bias.requires_grad_(False)  # no offset"


def keras_norm(site: Site, layer: str, *args: Any, **more: Any) -> Construct:
    """A normalisation of Keras."""
    o = site.options
    kwargs = {"epsilon": site.given("epsilon", 1e-3), "center": unless(True, o.center), "scale": unless(True, o.scale)}
    return construct(f"layers.{layer}", *args, **more, **kwargs)


def jax_norm(site: Site, layer: str, epsilon: float, *args: Any, **more: Any) -> Construct:
    """A normalisation of Flax; in `matched` with the variance in two passes."""
    o = site.options
    kwargs = {
        **{"epsilon": site.given("epsilon", epsilon), "use_bias": unless(True, o.center)},
        **{"use_scale": unless(True, o.scale), "use_fast_variance": unless(True, not site.matched)},
    }
    return construct(f"nnx.{layer}", site.channels, *args, **more, **kwargs, rngs=Code("rngs"))


def jax_notes(site: Site) -> tuple[Note, ...]:
    """Why a normalisation of Flax is not as it is by default."""
    return (SLOW_VARIANCE,) if site.matched else ()
