"""Tables of things that are one file each, found by the file's name and imported when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, Generic, TypeVar

Kind = TypeVar("Kind")


class Words(Mapping[str, Kind], Generic[Kind]):
    """The words of some folders by their names, in alphabetical order.

    Args:
        folders: dotted name of each package, and its path.
        attribute: what a file defines: `LAYER`, `LOSS`.
        leave_out: files that are no words.
        finish: what is done to a word when it is loaded.
        more: words that have no file here.
    """

    def __init__(
        self,
        folders: Mapping[str, Any],
        attribute: str,
        leave_out: tuple[str, ...] = ("base",),
        finish: Callable[[Kind], Kind] = lambda kind: kind,
        more: Mapping[str, Kind] | None = None,
    ):
        names = {info.name: package for package, path in folders.items() for info in iter_modules(path)}
        self._modules = {name: f"{names[name]}.{name}" for name in sorted(names) if name not in leave_out}
        self._attribute = attribute
        self._finish = finish
        self._more = dict(more or {})
        self._loaded: dict[str, Kind] = {}

    def __getitem__(self, name: str) -> Kind:
        if name not in self._loaded:
            kind = self._more[name] if name in self._more else self._own(name)
            self._loaded[name] = self._finish(kind)
        return self._loaded[name]

    def _own(self, name: str) -> Kind:
        kind: Kind = getattr(import_module(self._modules[name]), self._attribute)
        return kind

    def __iter__(self) -> Iterator[str]:
        yield from self._modules
        yield from self._more

    def __len__(self) -> int:
        return len(self._modules) + len(self._more)

    def __contains__(self, name: object) -> bool:
        return name in self._modules or name in self._more

    def in_folder(self, package: str) -> list[str]:
        """The names of the words that stand in one package."""
        return [name for name, module in self._modules.items() if module == f"{package}.{name}"]
