"""One file per layer: its canonical weights and how each framework spells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache

import paragone.activations
import paragone.recognised
from paragone.layers.base import LayerKind, Spelling
from paragone.plugins import LAYERS, brought, spelled_by_others, unusable
from paragone.words import Words

_NO_WORDS = ("attending", "base", "exact", "functional", "norm_traits", "pools", "resizing", "running", "whole")
"""Files that are no layers."""
_ROOTS = {"tensorflow": ("keras", "tf_keras"), "torch": ("torch",), "jax": ("flax",)}


@cache
def layer_kinds() -> Words[LayerKind]:
    """All layers: the files in this folder and in that of the activations, and what other packages bring.

    Raises:
        InputError: a plugin cannot be used.
    """
    folders = {__name__: list(__path__), paragone.activations.__name__: list(paragone.activations.__path__)}
    own = Words[LayerKind](folders, "LAYER", _NO_WORDS)
    others: dict[str, LayerKind] = {}
    for point, kind in brought(LAYERS, LayerKind):
        if kind.name in own or kind.name in others:
            raise unusable(point, LayerKind, f"the name '{kind.name}', which is taken")
        others[kind.name] = kind
    said = spelled_by_others("layers")

    def finish(kind: LayerKind) -> LayerKind:
        return _said_by_others(kind, said.get(kind.name, {}))

    return Words(folders, "LAYER", _NO_WORDS, finish, others)


@cache
def known_kinds() -> dict[str, LayerKind]:
    """All layers that are recognised in a side: those that task files may name, and some that they may not."""
    folders = {paragone.recognised.__name__: list(paragone.recognised.__path__)}
    return {**layer_kinds(), **Words[LayerKind](folders, "LAYER")}


def _said_by_others(kind: LayerKind, spellings: Mapping[str, Spelling]) -> LayerKind:
    return replace(kind, spellings={**spellings, **kind.spellings}) if spellings else kind


def functions() -> list[str]:
    """The names of what `activation = "…"` of a layer may be."""
    kinds = layer_kinds()
    more = [name for name in kinds if name not in kinds.in_folder(__name__)]
    return [name for name in more if (entry := kinds[name].entry) and entry.function]


def is_own(thing: object) -> bool:
    """Whether an object's class is a framework's own: a subclass of it may have other conventions."""
    return type(thing).__module__.split(".")[0] in {root for roots in _ROOTS.values() for root in roots}


def kind_of(thing: object, framework: str) -> tuple[str, Spelling] | None:
    """The layer that an object of a framework is, by the class names along its MRO; None if none of ours."""
    table = _by_class(framework)
    for parent in type(thing).__mro__:
        if parent.__module__.split(".")[0] in _ROOTS.get(framework, ()):
            for name, spelling in table.get(parent.__name__, ()):
                if spelling.when(thing):
                    return name, spelling
    return None


def inner_kinds(thing: object, framework: str) -> Iterator[tuple[str, Spelling]]:
    """The layers that an object has inside it without an object of their own; their attributes are read off it."""
    classes = {p.__name__ for p in type(thing).__mro__ if p.__module__.split(".")[0] in _ROOTS.get(framework, ())}
    for kind in _with_inner(framework):
        spelling = kind.spellings[framework]
        for name in classes & set(spelling.inside):
            if getattr(thing, spelling.inside[name]):
                attributes = tuple(replace(one, attribute=spelling.inside[name]) for one in spelling.attributes)
                yield kind.name, Spelling((name,), (), attributes)


@cache
def _with_inner(framework: str) -> list[LayerKind]:
    kinds = layer_kinds().values()
    return [kind for kind in kinds if framework in kind.spellings and kind.spellings[framework].inside]


@cache
def _by_class(framework: str) -> dict[str, list[tuple[str, Spelling]]]:
    found: dict[str, list[tuple[str, Spelling]]] = {}
    for kind in known_kinds().values():
        if spelling := kind.spellings.get(framework):
            for name in spelling.classes:
                found.setdefault(name, []).append((kind.name, spelling))
    return found
