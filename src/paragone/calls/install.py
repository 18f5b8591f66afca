"""Puts stand-ins in the places of a framework's functions, so that their calls are seen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

from paragone.calls.sites import Own, Sites, functions
from paragone.layers.base import Function, LayerKind, Spelling

_INSTALLED = "paragone_stands_for"


def resolved(place: str) -> tuple[Any, str] | None:
    """The module or class that keeps a function, and the name there; None where this version has none."""
    first, *between, name = place.split(".")
    owner: Any = import_module(first)
    for depth, part in enumerate(between, start=1):
        if not hasattr(owner, part):  # a module that nobody has imported yet; never one that is there, which would be
            try:  # made anew: TensorFlow has its modules under two names
                import_module(".".join([first, *between[:depth]]))
            except ImportError:
                return None
        owner = getattr(owner, part)
    return (owner, name) if hasattr(owner, name) else None


def install(
    sites: Sites, finish: Callable[[Own], Own] = lambda own: own, place_of: Callable[[str], str] = lambda place: place
) -> None:
    """Stand in for every function that a layer's file names, once for each process.

    A file may bind a function to a name of its own, so this comes before the file is run. Several layers may be
    computed by one function (`maximum`): each is asked in turn.

    Args:
        sites: what the calls are passed to.
        finish: what the framework needs to be done to a stand-in.
        place_of: where a function is on this backend; empty where it is not to be looked for.
    """
    meanings: dict[tuple[Any, str], list[tuple[LayerKind, Spelling, Function]]] = {}
    for meaning in functions(sites.framework):
        for place in filter(None, map(place_of, meaning[2].places)):
            if (found := resolved(place)) is not None:
                meanings.setdefault(found, []).append(meaning)
    for (owner, name), several in meanings.items():
        own = getattr(owner, name)
        if hasattr(own, _INSTALLED):  # by an earlier side of this process
            getattr(own, _INSTALLED)[:] = [sites]
            continue
        told = [sites]
        stands = finish(_standing(told, own, several))
        setattr(stands, _INSTALLED, told)
        setattr(owner, name, staticmethod(stands) if isinstance(owner, type) and _is_static(owner, name) else stands)


def _is_static(owner: type, name: str) -> bool:
    return isinstance(owner.__dict__.get(name), staticmethod)


def _standing(told: list[Sites], own: Own, several: list[tuple[LayerKind, Spelling, Function]]) -> Own:
    """The one in `told` is passed the calls."""

    @wraps(own)
    def stands(*args: Any, **kwargs: Any) -> Any:
        if told[0].idle:
            return own(*args, **kwargs)
        return call(told[0], several, own, args, kwargs)

    return stands


def call(
    sites: Sites,
    several: list[tuple[LayerKind, Spelling, Function]],
    own: Own,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Any:
    """A call as the first of these layers that it is; passed on where it is none of them."""
    following = own
    for kind, spelling, function in reversed(several):
        following = _asked(sites, kind, spelling, function, following)
    return following(*args, **kwargs)


def _asked(sites: Sites, kind: LayerKind, spelling: Spelling, function: Function, own: Own) -> Own:
    return lambda *args, **kwargs: sites.function(kind, spelling, function, own, args, kwargs)
