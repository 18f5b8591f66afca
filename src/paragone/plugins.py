"""What other packages bring, through entry points: frameworks, layers, and spellings for frameworks.

- group `paragone.frameworks`: a `paragone.frameworks.descriptor.Descriptor`;
- group `paragone.layers`: a `paragone.layers.base.LayerKind`;
- group `paragone.spellings`: a `paragone.plugins.Spellings`, which says words of this package in a framework.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import EntryPoint, EntryPoints, entry_points
from typing import Any, TypeVar

from paragone.errors import InputError

Brought = TypeVar("Brought")

FRAMEWORKS, LAYERS, SPELLINGS = "paragone.frameworks", "paragone.layers", "paragone.spellings"


@dataclass(frozen=True)
class Spellings:
    """How one framework says words that it did not bring itself; every table is by the word's name.

    Args:
        framework: its id.
        layers: `paragone.layers.base.Spelling` of layers and activations.
        losses: functions from `LossSite` to `LossSpelled`.
        optimizers: functions from `OptimizerSite` to `OptimizerSpelled`.
        schedules: functions from `ScheduleSite` to `ScheduleSpelled`.
        clipping: functions from `Chosen` to `ClippingSpelled`.
    """

    framework: str
    layers: Mapping[str, Any] = field(default_factory=dict)
    losses: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    optimizers: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    schedules: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)
    clipping: Mapping[str, Callable[[Any], Any]] = field(default_factory=dict)


@cache
def _every_point() -> Any:
    """Those of all groups: to ask for one group takes as long."""
    return entry_points()


def points(group: str) -> EntryPoints:
    """The entry points of a group."""
    found: EntryPoints = _every_point().select(group=group)
    return found


def brought(group: str, kind: type[Brought]) -> Iterator[tuple[EntryPoint, Brought]]:
    """What other packages bring to a group.

    Raises:
        InputError: one cannot be loaded, or is nothing of this kind.
    """
    for point in points(group):
        try:
            found = point.load()
        except Exception as error:
            raise unusable(point, kind, f"{type(error).__name__}: {error}") from error
        if not isinstance(found, kind):
            raise unusable(point, kind, f"an object of type {type(found).__name__}")
        yield point, found


def unusable(point: EntryPoint, kind: type[Any], received: str) -> InputError:
    """The error for a plugin that cannot be used."""
    owner = point.dist.name if point.dist else "another package"
    return InputError(
        f"The plugin '{point.name}' of {owner} cannot be used.",
        where=f"entry point {point.value} in the group {point.group}",
        expected=f"a {kind.__module__}.{kind.__qualname__} with a name of its own",
        received=received,
        next_step=f"upgrade or uninstall {owner}",
    )


def spelled_by_others(table: str) -> dict[str, dict[str, Any]]:
    """By word and framework, what other packages say: `table` is a field of `Spellings`."""
    found: dict[str, dict[str, Any]] = {}
    for _, spellings in brought(SPELLINGS, Spellings):
        for word, spelling in getattr(spellings, table).items():
            found.setdefault(word, {})[spellings.framework] = spelling
    return found
