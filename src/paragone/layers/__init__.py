"""One file per layer: its canonical weights and how each framework spells it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import paragone.activations
from paragone.layers.base import LayerKind, Spelling
from paragone.plugins import LAYERS, brought, spelled_by_others, unusable
from paragone.words import Words

_ROOTS = {"tensorflow": ("keras", "tf_keras"), "torch": ("torch",), "jax": ("flax",)}


@cache
def layer_kinds() -> Words[LayerKind]:
    """All layers: the files in this folder and in that of the activations, and what other packages bring.

    Raises:
        InputError: a plugin cannot be used.
    """
    folders = {__name__: list(__path__), paragone.activations.__name__: list(paragone.activations.__path__)}
    own = Words[LayerKind](folders, "LAYER")
    others: dict[str, LayerKind] = {}
    for point, kind in brought(LAYERS, LayerKind):
        if kind.name in own or kind.name in others:
            raise unusable(point, LayerKind, f"the name '{kind.name}', which is taken")
        others[kind.name] = kind
    said = spelled_by_others("layers")
    return Words(folders, "LAYER", finish=lambda kind: _said_by_others(kind, said.get(kind.name, {})), more=others)


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
