"""PReLU: x for positive x, slope · x otherwise, with a slope that is learned: one for all, or one for each channel.

Canonical weight: `slope` (1) or (channels), 0.25 at the start as in PyTorch (torch/nn/modules/activation.py, 2.13).
Keras starts at 0 and learns one slope for each number of a sample unless axes are shared
(keras/src/layers/activations/prelu.py, 3.15), Flax one for all from 0.01 (flax/nnx/nn/activations.py, 0.12; row A13).
At exactly 0 the derivative is 0 in Keras, 1 in Flax and the slope in PyTorch: the canonical one.
"""

from __future__ import annotations

from paragone.initialisers.base import Start
from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import Code, construct, unless
from paragone.spelling.entry import CanonicalWeight, Entry, Options
from paragone.spelling.norms import channelled
from paragone.spelling.site import Site
from paragone.spelling.spelled import Helper, Note, Placed, Spelled, Stacked
from paragone.task.tensor import Tensor


class Prelu(Options):
    """Options of PReLU."""

    per_channel: bool = False
    start: float = 0.25


_KERAS = Helper(
    "PReLU",
    '''
class PReLU(layers.PReLU):
    """PReLU whose derivative at 0 is the slope."""

    def call(self, inputs):
        return ops.where(inputs > 0, inputs, self.alpha * inputs)
''',
    Note("A13", "the derivative of Keras' own PReLU at exactly 0 is 0"),
)
_JAX = Helper(
    "PReLU",
    '''
class PReLU(nnx.Module):
    """PReLU with one slope or one for each channel, which is also the derivative at 0."""

    def __init__(self, num_slopes: int, start: float) -> None:
        self.slope = nnx.Param(jnp.full(num_slopes, start))

    def __call__(self, x: jax.Array) -> jax.Array:
        return jnp.where(x > 0, x, self.slope[...] * x)
''',
    Note("A13", "nnx.PReLU has one slope for all channels, and the derivative 1 at exactly 0"),
)


def _output(_options: Prelu, inputs: tuple[Tensor, ...]) -> Tensor:
    return Tensor(channelled(inputs, 0, 9))


def _weights(options: Prelu, inputs: tuple[Tensor, ...]) -> tuple[CanonicalWeight, ...]:
    shape = (inputs[0].shape[-1] if options.per_channel else 1,)
    return (CanonicalWeight("slope", shape, Start("constant", options={"value": options.start})),)


def _keras(site: Site) -> Spelled:
    o: Prelu = site.options
    shared = tuple(range(1, site.rank + (1 if o.per_channel else 2)))
    made = construct(
        "PReLU" if site.matched else "layers.PReLU",
        alpha_initializer=site.given("start", 0.0, to=lambda value: Code(f"keras.initializers.Constant({value!r})")),
        shared_axes=unless((), shared),
    )
    count = site.channels if o.per_channel else 1
    stacked = Stacked((1, count)) if site.rank else None
    placed = (Placed("slope", "alpha", (("reshape", (count,)),), said=True, stacked=stacked),)
    return Spelled(made, placed=placed, helpers=(_KERAS,) if site.matched else ())


def _torch(site: Site) -> Spelled:
    o: Prelu = site.options
    count = unless(1, site.channels if o.per_channel else 1)
    made = construct("nn.PReLU", num_parameters=count, init=site.given("start", 0.25))
    return Spelled(made, layout="first" if o.per_channel else "any", placed=(Placed("slope", "weight", said=True),))


def _jax(site: Site) -> Spelled:
    o: Prelu = site.options
    if site.matched or o.per_channel:
        made = construct("PReLU", site.channels if o.per_channel else 1, o.start)
        return Spelled(made, placed=(Placed("slope", "slope", said=True),), helpers=(_JAX,))
    made = construct("nnx.PReLU", negative_slope_init=site.given("start", 0.01))
    return Spelled(made, placed=(Placed("slope", "negative_slope", (("reshape", (1,)),), said=True),))


LAYER = LayerKind(
    "prelu",
    {"tensorflow": Spelling(write=_keras), "torch": Spelling(write=_torch), "jax": Spelling(write=_jax)},
    Entry(
        "x for x > 0, slope · x otherwise, with a learned slope for all or for each channel",
        Prelu,
        _output,
        _weights,
        rows=("A13",),
        examples=(
            {"shape": (5,)},
            {"per_channel": True, "shape": (5,)},
            {"per_channel": True, "start": 0.1, "shape": (4, 5, 3)},
            {"start": 0.3, "shape": (4, 3)},
        ),
    ),
)
