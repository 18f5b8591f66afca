"""The form that most activation files share: a function of one tensor, its spelling in each framework in one line.

In a call, `{0}` is any expression: the functions stand in front of it, never an operator beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from paragone.layers.base import LayerKind, Spelling
from paragone.spelling.code import DEFAULT, Code, construct, literal
from paragone.spelling.entry import Entry, NoOptions, Options, same_shape
from paragone.spelling.site import Site, Write
from paragone.spelling.spelled import Helper, Spelled

EXAMPLES: tuple[Mapping[str, Any], ...] = ({"shape": (7,)}, {"shape": (4, 5, 3)})


def named(name: str) -> Write:
    """Keras: an activation that has a name."""
    return lambda _site: Spelled(construct("layers.Activation", name), argument=f'"{name}"')


def called(call: str) -> Write:
    """A function of the framework."""
    return lambda _site: Spelled(call=call)


def over_channels(function: str) -> Write:
    """PyTorch: a function over the channels, which stand at 1 where they are first (row C6)."""
    return lambda site: Spelled(call=f"{function}({{0}}, dim={1 if site.layout == 'first' else -1})")


def helped(helper: Helper) -> Write:
    """A function that the side brings, in both fidelities: the framework has none."""
    return lambda _site: Spelled(call=f"{helper.name}({{0}})", helpers=(helper,))


def activated(helper: Helper) -> Spelled:
    """Keras: a function that the side brings, as a layer or as `activation=`."""
    return Spelled(construct("layers.Activation", Code(helper.name)), argument=helper.name, helpers=(helper,))


def keyword(site: Site, option: str, default: Any, name: str = "") -> str:
    """A further argument of a call, `, alpha=0.7`; nothing where the framework's default will do."""
    value = site.given(option, default)
    return "" if value is DEFAULT else f", {name or option}={literal(value)}"


def activation(
    name: str,
    computes: str,
    keras: Write,
    torch: Write,
    jax: Write,
    *,
    options: type[Options] = NoOptions,
    rows: tuple[str, ...] = (),
    examples: tuple[Mapping[str, Any], ...] = EXAMPLES,
) -> LayerKind:
    """An activation that keeps the shape and has no weights.

    Args:
        name: as task files call it.
        computes: the formula.
        keras: its spelling there.
        torch: its spelling there.
        jax: its spelling there.
        options: their model.
        rows: rows of the catalogue of traps that it meets.
        examples: tables for the manual and the tests.
    """
    spellings = {"tensorflow": Spelling(write=keras), "torch": Spelling(write=torch), "jax": Spelling(write=jax)}
    return LayerKind(name, spellings, Entry(computes, options, same_shape, function=True, rows=rows, examples=examples))
