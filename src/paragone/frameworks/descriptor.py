"""What the orchestrator knows of a framework; light, so that it can be read without importing anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Elsewhere:
    """A framework's sides on another backend: the same words, computed by somebody else.

    Args:
        title: as people write it.
        distributions: packages it needs, by their names for pip; that of the framework first.
        install: the command that installs it.
        worker: module that holds its `ADAPTER`.
    """

    title: str
    distributions: tuple[str, ...]
    install: str
    worker: str


@dataclass(frozen=True)
class Descriptor:
    """A framework as the orchestrator knows it.

    Args:
        id: its import name in our words: `tensorflow`, `torch`, `jax`.
        title: as people write it.
        modules: import names whose presence in a file means this framework.
        distributions: packages it needs, by their names for pip.
        install: the command that installs it.
        worker: module that holds its `ADAPTER`.
        backend: what computes underneath.
        recipe: module that holds its `RECIPE`, which writes sides; empty if there is none.
        side_file: name of the file of a side that is written in it.
        formats: package that holds what writes formats, a file for each; empty if there is none.
        ahead: modules that the framework imports by itself as soon as it is used.
        elsewhere: the other backends that its sides can run on, by their names.
        probe: module that, run in a process of its own, prints its devices as a JSON list; empty if there is none.
    """

    id: str
    title: str
    modules: tuple[str, ...]
    distributions: tuple[str, ...]
    install: str
    worker: str
    backend: str
    probe: str = ""
    recipe: str = ""
    side_file: str = ""
    formats: str = ""
    ahead: tuple[str, ...] = ()
    elsewhere: Mapping[str, Elsewhere] = field(default_factory=dict)

    def on(self, backend: str) -> Descriptor:
        """The framework on a backend; on its own one where none is named. Elsewhere no formats are written.

        Raises:
            KeyError: it does not run on that.
        """
        if backend in ("", self.backend):
            return self
        there = self.elsewhere[backend]
        known = {name: getattr(there, name) for name in ("title", "distributions", "install", "worker")}
        return replace(self, **known, backend=backend, probe="", recipe="", formats="", ahead=())
