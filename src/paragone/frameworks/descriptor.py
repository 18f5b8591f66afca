"""What the orchestrator knows of a framework; light, so that it can be read without importing anything."""

from __future__ import annotations

from dataclasses import dataclass


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
