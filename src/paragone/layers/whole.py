"""Layers that keep several arrays of weights inside: recognised as a whole, by what decides their meaning.

Their weights are found in other ways, so that they keep the names which those give them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from paragone.layers.base import Attribute, Called, Spelling
from paragone.layers.running import Lay, lay_flax
from paragone.spelling.site import Write


def batch_first(attribute: str = "") -> Attribute:
    """Whether the batch is the first axis of a sequence; PyTorch has the time there unless told (row H12)."""
    return Attribute("batch_first", attribute, "batch-first", "H12", bool, fixed=True, settable=bool(attribute))


def one_bias() -> Attribute:
    """How many vectors of biases are trained, where there is one: with Adam, the sum of two moves twice as far (H4)."""
    return Attribute("biases", "", "double-bias", "H4", fixed="one", settable=False)


def trained_biases() -> Attribute:
    """The same in PyTorch, whose recurrent layers have two, unless the second is frozen."""
    return Attribute("biases", "", "double-bias", "H4", toward="one", reads=_trained_biases)


def _trained_biases(layer: Any) -> str:
    second = (weight for name, weight in layer.named_parameters(recurse=False) if name.startswith("bias_hh"))
    return "two" if any(weight.requires_grad for weight in second) else "one"


AFTER, BEFORE = "after the recurrent kernel", "before the recurrent kernel"
"""Where a GRU's reset gate acts."""


def reset(attribute: str = "", *, settable: bool = False) -> Attribute:
    """Whether a GRU's reset gate acts after the recurrent kernel, on a bias as well, or before it (row H3)."""
    return Attribute(
        *("reset", "", "gru-reset-form", "H3"),
        settable=settable,
        toward=BEFORE,
        reads=lambda layer: AFTER if getattr(layer, attribute, True) else BEFORE,
    )


def flax_batch_first() -> Attribute:
    """The same of Flax's cells, as `nnx.RNN` calls them (flax/nnx/nn/recurrent.py, Flax 0.12)."""
    return Attribute("batch_first", "", "batch-first", "H12", settable=False, reads=_batch_first_in_flax)


def flax_biases() -> Attribute:
    """How many vectors of biases a cell of Flax has: its own classes one, classes derived from them perhaps two."""
    return Attribute("biases", "", "double-bias", "H4", settable=False, reads=_biases_in_flax)


def _batch_first_in_flax(layer: Any) -> bool:
    return not getattr(layer, "time_major", False)


def _biases_in_flax(layer: Any) -> str:
    parts = vars(getattr(layer, "cell", layer)).items()
    of = {name.removeprefix("dense_")[:1] for name, part in parts if getattr(part, "bias", None) is not None}
    return "two" if {"i", "h"} <= of else "one"


def flax_cell(classes: str, attributes: tuple[Attribute, ...], write: Write) -> Spelling:
    """A recurrent layer in Flax: a cell that is called by itself, or the `nnx.RNN` that carries it along a sequence."""
    names = frozenset(classes.split())

    def when(thing: Any) -> bool:
        return any(parent.__name__ in names for parent in type(getattr(thing, "cell", thing)).__mro__)

    return replace(whole(f"{classes} RNN", attributes, write, lay=lay_flax), when=when)


def whole(
    classes: str,
    attributes: tuple[Attribute, ...],
    write: Write,
    called: Called | None = None,
    lay: Lay | None = None,
) -> Spelling:
    """A layer in one framework."""
    return Spelling(tuple(classes.split()), (), attributes, write, whole=True, called=called, lay=lay)
