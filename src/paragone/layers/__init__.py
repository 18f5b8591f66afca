"""One file per layer: its canonical weights and how each framework spells it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

import paragone.activations
from paragone.layers.base import LayerKind, Spelling
from paragone.plugins import LAYERS, brought, spelled_by_others, unusable

_ROOTS = {"tensorflow": ("keras", "tf_keras"), "torch": ("torch",), "jax": ("flax",)}


@cache
def layer_kinds() -> dict[str, LayerKind]:
    """All layers: the files in this folder and in that of the activations, and what other packages bring.

    Raises:
        InputError: a plugin cannot be used.
    """
    found = {kind.name: kind for kind in _own()}
    for point, kind in brought(LAYERS, LayerKind):
        if kind.name in found:
            raise unusable(point, LayerKind, f"the name '{kind.name}', which is taken")
        found[kind.name] = kind
    for name, spellings in spelled_by_others("layers").items():
        if name in found:
            kind = found[name]
            found[name] = replace(kind, spellings={**spellings, **kind.spellings})
    return found


def _own() -> Iterator[LayerKind]:
    folders = {__name__: __path__, "paragone.activations": paragone.activations.__path__}
    modules = [f"{package}.{info.name}" for package, path in folders.items() for info in iter_modules(path)]
    for name in sorted(modules):
        if not name.endswith(".base"):
            yield import_module(name).LAYER


def kind_of(thing: object, framework: str) -> tuple[str, Spelling] | None:
    """The layer that an object of a framework is, by the class names along its MRO; None if none of ours."""
    table = _by_class(framework)
    for parent in type(thing).__mro__:
        if parent.__module__.split(".")[0] in _ROOTS.get(framework, ()) and parent.__name__ in table:
            return table[parent.__name__]
    return None


@cache
def _by_class(framework: str) -> dict[str, tuple[str, Spelling]]:
    found: dict[str, tuple[str, Spelling]] = {}
    for kind in layer_kinds().values():
        if spelling := kind.spellings.get(framework):
            found |= dict.fromkeys(spelling.classes, (kind.name, spelling))
    return found
