"""The modules of a Linen model as NNX modules, so that all that is known of layers of Flax NNX is known of them.

A scope holds the weights of one Linen module under the names that Linen gives them, which are those of NNX. Once it is
seen which module that is, the scope becomes an object of a class that is called like it, derived from the same layer of
NNX, and with its numbers. What it computes stays Linen's: a call of it is the call of the Linen module, which takes the
numbers that were changed since.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from flax import linen, nnx

_TWINS: dict[type, type[nnx.Module]] = {
    linen.BatchNorm: nnx.BatchNorm,
    linen.Conv: nnx.Conv,
    linen.ConvTranspose: nnx.ConvTranspose,
    linen.Dense: nnx.Linear,
    linen.DenseGeneral: nnx.LinearGeneral,
    linen.Dropout: nnx.Dropout,
    linen.Embed: nnx.Embed,
    linen.GroupNorm: nnx.GroupNorm,
    linen.InstanceNorm: nnx.InstanceNorm,
    linen.LayerNorm: nnx.LayerNorm,
    linen.MultiHeadDotProductAttention: nnx.MultiHeadAttention,
    linen.RMSNorm: nnx.RMSNorm,
}
_CLOSED = (linen.RNN, linen.Bidirectional, linen.RNNCellBase)
"""What is called inside of these is not followed: JAX's own loops call it."""
_NOT_KEPT = {"parent", "name", "param_dtype", "deterministic", "use_running_average"}
"""Fields of modules that say where they are, or what a pass says itself."""

_running: list[Callable[..., Any]] = []
"""The calls of Linen's modules that run now, the innermost last."""


def _call(_scope: Any, *args: Any, **kwargs: Any) -> Any:
    """What the Linen module gives that is called now."""
    return _running[-1](*args, **kwargs)


class Scope(nnx.Module):
    """Weights of one Linen module, and the scopes of the modules inside; all other names are those of a module."""

    paragone_seen: bool = False
    paragone_first: tuple[tuple[str, Any], ...] = ()
    paragone_closed: bool = False

    __call__ = _call


def scope_at(root: Scope, path: Sequence[str]) -> Scope | None:
    """The scope of a module by its path; None where nothing is known of it."""
    for name in path:
        inner = vars(root).get(name)
        if not isinstance(inner, Scope):
            return None
        root = inner
    return root


def made_at(root: Scope, path: Sequence[str]) -> Scope:
    """The same, made where there is none."""
    for name in path:
        if not isinstance(vars(root).get(name), Scope):
            setattr(root, name, Scope())
        root = vars(root)[name]
    return root


def become(scope: Scope, module: Any) -> None:
    """Be known as what this Linen module is, with its numbers."""
    fields = ((one.name, getattr(module, one.name)) for one in dataclasses.fields(module) if one.init)
    free = {name: _plain(value) for name, value in fields if name not in _NOT_KEPT and name not in vars(scope)}
    numbers = {name: value for name, value in free.items() if isinstance(value, Hashable)}
    kind: Any = type(module)
    scope.__class__ = _like(kind)
    for name, value in numbers.items():
        setattr(scope, name, value)
    scope.paragone_first = tuple(numbers.items())
    scope.paragone_closed = isinstance(module, _CLOSED)
    scope.paragone_seen = True


def changed(scope: Scope) -> Iterator[tuple[str, Any]]:
    """The numbers that it was given in the place of its module's."""
    for name, value in scope.paragone_first:
        now = getattr(scope, name)
        if now is not value and now != value:
            yield name, now


def hand_over(scope: Scope, module: Any) -> None:
    """Give a Linen module the numbers of its scope that were changed."""
    for name, value in changed(scope):
        object.__setattr__(module, name, value)  # a module of Linen is frozen


@contextmanager
def running(own: Callable[..., Any]) -> Iterator[None]:
    """While it lasts, a call of a scope is this call."""
    _running.append(own)
    try:
        yield
    finally:
        _running.pop()


@cache
def _like(kind: Any) -> type[Scope]:
    """A class of scopes that is called like a class of Linen's, and derived from its layer in NNX."""
    twin = next((_TWINS[parent] for parent in kind.__mro__ if parent in _TWINS), None)
    bases = (Scope,) if twin is None else (Scope, twin)
    names = {"__call__": _call, "__module__": kind.__module__, "__doc__": kind.__doc__}
    return types.new_class(kind.__name__, bases, exec_body=lambda body: body.update(names))


def _plain(value: Any) -> Any:
    """A list as a tuple; nothing of modules, which have scopes of their own."""
    if isinstance(value, list):
        value = tuple(value)
    parts = value if isinstance(value, tuple) else (value,)
    return None if any(isinstance(part, linen.Module) for part in parts) else value
