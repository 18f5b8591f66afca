"""Every framework that Paragone knows: one folder each, and what other packages bring.

A package brings a framework through an entry point of the group `paragone.frameworks` that names a `Descriptor`.
Nothing here imports a framework.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import paragone.frameworks
from paragone.frameworks.descriptor import Descriptor
from paragone.plugins import FRAMEWORKS, brought, unusable


@cache
def frameworks() -> dict[str, Descriptor]:
    """All frameworks by id: those of this package first, in the order of their ids, then those of other packages.

    Raises:
        InputError: a plugin cannot be loaded, is no `Descriptor`, or takes the id of another framework.
    """
    found = {descriptor.id: descriptor for descriptor in _own()}
    for point, descriptor in brought(FRAMEWORKS, Descriptor):
        if descriptor.id in found:
            raise unusable(point, Descriptor, f"its id '{descriptor.id}' is taken by '{found[descriptor.id].title}'")
        found[descriptor.id] = descriptor
    return found


def _own() -> Iterator[Descriptor]:
    for module in sorted(pkgutil.iter_modules(paragone.frameworks.__path__), key=lambda module: module.name):
        if module.ispkg:
            yield import_module(f"paragone.frameworks.{module.name}.descriptor").DESCRIPTOR
