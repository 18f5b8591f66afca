"""The form that most activation files share: a function of one tensor, its spelling in each framework in one line.

In a call, `{0}` is any expression: the functions stand in front of it, never an operator beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from paragone.layers.base import Compute, Function, LayerKind, Reads, Setting, Settings, Sizes, Spelling
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


@dataclass(frozen=True)
class Seen:
    """How an activation is recognised in a framework, in files that people wrote.

    Args:
        classes: of layers.
        functions: that compute it.
        reads: the settings of a layer's object.
    """

    classes: tuple[str, ...] = ()
    functions: tuple[Function, ...] = ()
    reads: Reads | None = None


_WHERE = {
    "tensorflow": (
        *("keras.src.backend.tensorflow.nn.{0}", "keras.src.backend.tensorflow.numpy.{0}"),
        *("tensorflow.nn.{0}", "tensorflow.math.{0}", "tensorflow.{0}"),
    ),
    "torch": (
        *("torch.nn.functional.{0}", "torch.{0}", "torch.Tensor.{0}"),
        *("torch.nn.functional.{0}_", "torch.{0}_", "torch.Tensor.{0}_"),
    ),
    "jax": ("jax.nn.{0}", "flax.nnx.{0}", "jax.numpy.{0}"),
}
"""Where the frameworks keep functions of tensors; Keras' own functions and layers all end in those of its backend."""


def function(framework: str, name: str, parameters: str = "x, **_", **more: Any) -> Function:
    """A function wherever a framework keeps it.

    Args:
        framework: its id.
        name: of the function.
        parameters: of the function.
        more: see `Function`.
    """
    return Function(tuple(place.format(name) for place in _WHERE[framework]), parameters, **more)


def seen(framework: str, classes: str, names: str, parameters: str = "x, **_", reads: Reads | None = None) -> Seen:
    """An activation whose objects and functions have the same names for its settings.

    Args:
        framework: its id.
        classes: of layers, with spaces between them.
        names: of functions, with spaces between them.
        parameters: of the functions.
        reads: the settings, of either.
    """
    more = {"reads": reads} if reads else {}
    found = tuple(function(framework, name, parameters, **more) for name in names.split())
    return Seen(tuple(classes.split()), found, reads)


def axis_of(a: Any, _sizes: Sizes) -> Settings:
    """The axis of a softmax, counted from the end."""
    return {"axis": int(a.axis), "native": int(a.axis)}


def dim_of(a: Any, sizes: Sizes) -> Settings:
    """The axis of a softmax in PyTorch, where 1 is that of the channels of images, the last one elsewhere."""
    rank = len(sizes) + 2
    dim = (0 if rank in {3} else 1) if a.dim is None else int(a.dim)
    axis = -1 if dim == 1 and rank >= 4 else dim if dim < 0 else dim - rank
    return {"axis": axis, "native": dim}


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
    compute: Compute | None = None,
    settings: tuple[Setting, ...] = (),
    found: Mapping[str, Seen] = MappingProxyType({}),
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
        compute: its exact form in every framework.
        settings: its traits.
        found: how it is recognised, by framework.
    """
    writes = {"tensorflow": keras, "torch": torch, "jax": jax}
    spellings = {framework: spelling(found.get(framework, Seen()), write) for framework, write in writes.items()}
    entry = Entry(computes, options, same_shape, function=True, rows=rows, examples=examples)
    return LayerKind(name, spellings, entry, settings, compute, activation=True)


def spelling(seen: Seen, write: Write) -> Spelling:
    """An activation in one framework."""
    return Spelling(seen.classes, write=write, functions=seen.functions, reads=seen.reads)
