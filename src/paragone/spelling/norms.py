"""What normalisations have in common: their scale and offset, as canonical weights and in each framework."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from paragone.initialisers.base import Start
from paragone.spelling.code import Code, construct, literal, unless
from paragone.spelling.entry import CanonicalWeight, Options, Positive, UnfitError
from paragone.spelling.site import Site
from paragone.spelling.spelled import Note, Placed, Spelled, Stacked, Step
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
    return affine_weights(options, inputs[0].shape[-1:])


def affine_weights(options: Any, shape: tuple[int, ...]) -> tuple[CanonicalWeight, ...]:
    """The scale and the offset of this shape."""
    scale = CanonicalWeight("scale", shape, Start("ones"), "scale_initializer")
    offset = CanonicalWeight("offset", shape, Start("zeros"), "offset_initializer")
    return (*((scale,) if options.scale else ()), *((offset,) if options.center else ()))


def _chosen(options: Any, scale: Placed, offset: Placed) -> tuple[Placed, ...]:
    return (*((scale,) if options.scale else ()), *((offset,) if options.center else ()))


def keras_affine(options: Any) -> tuple[Placed, ...]:
    """Where Keras has them."""
    scale = Placed("scale", "gamma", argument="gamma_initializer", default="ones")
    return _chosen(options, scale, Placed("offset", "beta", argument="beta_initializer", default="zeros"))


def torch_affine(options: Any, steps: tuple[Step, ...] = (), stacked: Stacked | None = None) -> tuple[Placed, ...]:
    """Where PyTorch has them, and the way from there to canonical ones."""
    scale = Placed("scale", "weight", steps, default="ones", stacked=stacked)
    return _chosen(options, scale, Placed("offset", "bias", steps, default="zeros", stacked=stacked))


def jax_affine(options: Any, steps: tuple[Step, ...] = (), stacked: Stacked | None = None) -> tuple[Placed, ...]:
    """Where Flax has them, and the way from there to canonical ones."""
    scale = Placed("scale", "scale", steps, argument="scale_init", default="ones", stacked=stacked)
    offset = Placed("offset", "bias", steps, argument="bias_init", default="zeros", stacked=stacked)
    return _chosen(options, scale, offset)


def torch_frozen(options: Any) -> tuple[str, ...]:
    """PyTorch has both or none: statements that leave the one that is not wanted as it starts."""
    return tuple(_frozen(options)) if options.scale or options.center else ()


def _frozen(options: Any) -> Iterator[str]:
    if not options.scale:
        yield "{layer}.weight.requires_grad_(False)  # no scale"
    if not options.center:
        yield "{layer}.bias.requires_grad_(False)  # no offset"


def default_note(site: Site, option: str, row: str, owner: str, default: Any) -> tuple[Note, ...]:
    """Why an option is written that the task does not name: the framework would take another value."""
    named = option in site.options.model_fields_set
    if named or not site.matched or getattr(site.options, option) == default:
        return ()
    return (Note(row, f"{option} is {literal(default)} by default in {owner}"),)


def keras_norm(site: Site, row: str, layer: str, *args: Any, **more: Any) -> Spelled:
    """A normalisation of Keras with its scale and offset.

    Args:
        site: where it stands.
        row: the row of the catalogue about its epsilon.
        layer: the class.
        args: of the class.
        more: of the class.
    """
    o = site.options
    kwargs = {"epsilon": site.given("epsilon", 1e-3), "center": unless(True, o.center), "scale": unless(True, o.scale)}
    made = construct(f"layers.{layer}", *args, **more, **kwargs)
    return Spelled(made, placed=keras_affine(o), notes=default_note(site, "epsilon", row, "Keras", 1e-3))


def torch_norm(site: Site, layer: str, *args: Any, affine: bool = True, **more: Any) -> Spelled:
    """A normalisation of PyTorch over the channels of all positions, with its scale and offset.

    Args:
        site: where it stands.
        layer: the class.
        args: of the class.
        affine: whether it has scale and offset by default.
        more: of the class.
    """
    o = site.options
    eps = site.given("epsilon", 1e-5)
    made = construct(layer, *args, eps=eps, **more, affine=unless(affine, o.scale or o.center))
    return Spelled(made, layout="first", placed=torch_affine(o), setup=torch_frozen(o))


def jax_norm(site: Site, row: str, epsilon: float, layer: str, shape: tuple[int, ...] = (), **more: Any) -> Spelled:
    """A normalisation of Flax with its scale and offset; in `matched` with the variance in two passes.

    Args:
        site: where it stands.
        row: the row of the catalogue about its epsilon.
        epsilon: its default.
        layer: the class.
        shape: of scale and offset, where it is not that of the channels; Flax keeps them flat.
        more: of the class.
    """
    o = site.options
    kwargs = {
        **{"epsilon": site.given("epsilon", epsilon), "use_bias": unless(True, o.center)},
        **{"use_scale": unless(True, o.scale), "use_fast_variance": unless(True, not site.matched)},
    }
    flat = len(shape) > 1
    steps: tuple[Step, ...] = (("reshape", shape),) if flat else ()
    placed = jax_affine(o, steps, Stacked((1, *shape)) if flat else None)
    size = Code(" * ".join(map(str, shape))) if flat else site.channels
    made = construct(f"nnx.{layer}", size, **more, **kwargs, rngs=Code("rngs"))
    slow = (SLOW_VARIANCE,) if site.matched else ()
    notes = (*default_note(site, "epsilon", row, "Flax", epsilon), *slow)
    return Spelled(made, placed=placed, notes=notes)
