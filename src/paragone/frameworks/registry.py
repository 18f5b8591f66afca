"""Every framework that Paragone knows: one folder each, and what other packages bring.

A package brings a framework through an entry point of the group `paragone.frameworks` that names a `Descriptor`.
Nothing here imports a framework.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

import paragone.frameworks
from paragone.errors import InputError
from paragone.frameworks.descriptor import Descriptor

GROUP = "paragone.frameworks"


@cache
def frameworks() -> dict[str, Descriptor]:
    """All frameworks by id: those of this package first, in the order of their ids, then those of other packages.

    Raises:
        InputError: a plugin cannot be loaded, is no `Descriptor`, or takes the id of another framework.
    """
    found = {descriptor.id: descriptor for descriptor in _own()}
    for point in entry_points(group=GROUP):
        descriptor = _plugin(point)
        if descriptor.id in found:
            raise _bad_plugin(point, f"its id '{descriptor.id}' is taken by '{found[descriptor.id].title}'")
        found[descriptor.id] = descriptor
    return found


def _own() -> Iterator[Descriptor]:
    for module in sorted(pkgutil.iter_modules(paragone.frameworks.__path__), key=lambda module: module.name):
        if module.ispkg:
            yield import_module(f"paragone.frameworks.{module.name}.descriptor").DESCRIPTOR


def _plugin(point: EntryPoint) -> Descriptor:
    try:
        descriptor = point.load()
    except Exception as error:
        raise _bad_plugin(point, f"{type(error).__name__}: {error}") from error
    if not isinstance(descriptor, Descriptor):
        raise _bad_plugin(point, f"an object of type {type(descriptor).__name__}")
    return descriptor


def _bad_plugin(point: EntryPoint, received: str) -> InputError:
    owner = point.dist.name if point.dist else "another package"
    return InputError(
        f"The framework plugin '{point.name}' of {owner} cannot be used.",
        where=f"entry point {point.value} in the group {GROUP}",
        expected="a paragone.frameworks.descriptor.Descriptor with an id of its own",
        received=received,
        next_step=f"upgrade or uninstall {owner}",
    )
