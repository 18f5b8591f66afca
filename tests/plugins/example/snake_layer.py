"""A layer from another package: the snake activation, x + sin²(frequency · x) / frequency."""

from __future__ import annotations

from dataclasses import replace

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.entry import Entry, Options, Positive, same_shape
from paragone.spelling.site import Site
from paragone.spelling.spelled import Spelled


class Snake(Options):
    """Options of snake."""

    frequency: Positive = 1.0


def _in(function: str, square: str):
    def write(site: Site) -> Spelled:
        a = site.options.frequency
        return Spelled(call="{0} + " + square.format(f"{function}({a!r} * {{0}})") + f" / {a!r}")

    return write


LAYER = LayerKind(
    "snake",
    {
        "tensorflow": Spelling(write=_in("ops.sin", "ops.square({})")),
        "torch": Spelling(write=_in("torch.sin", "{}.square()")),
        "jax": Spelling(write=_in("jnp.sin", "jnp.square({})")),
    },
    Entry("x + sin²(frequency · x) / frequency", Snake, same_shape, function=True, examples=({"shape": (4,)},)),
)
WRONG = "no layer"
TAKEN = replace(LAYER, name="dense")
