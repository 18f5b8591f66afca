"""Follows the calls of Linen's modules: which there are, and each as a call of the scope that holds its weights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from flax import linen
from jax.extend.core import get_opaque_trace_state

from paragone.frameworks.jax.linen.scopes import Scope, hand_over, running, scope_at

Path = tuple[str, ...]
Lines = dict[int, int]
"""Lines of the file by the ids of modules."""


@dataclass(frozen=True)
class Seen:
    """A module that was called, and the line of the file that made it, else that called it."""

    module: Any
    line: int


@contextmanager
def noting(lines: Lines, line: Callable[[], int | None]) -> Iterator[None]:
    """While it lasts, the lines that make modules are noted; a copy has the line of its original.

    Args:
        lines: takes them.
        line: of the file, that runs now.
    """
    made, copied = linen.Module.__post_init__, linen.Module.clone
    alive = []  # or another module could have the id of one that is gone

    def noted(module: Any) -> None:
        made(module)
        alive.append(module)
        lines[id(module)] = line() or 0

    def clone(module: Any, **given: Any) -> Any:
        copy = copied(module, **given)
        lines[id(copy)] = lines.get(id(module), 0)
        return copy

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(linen.Module, "__post_init__", noted))
        stack.enter_context(mock.patch.object(linen.Module, "clone", clone))
        yield


def seeing(found: dict[Path, Seen], lines: Lines, line: Callable[[], int | None]) -> AbstractContextManager[None]:
    """While it lasts, the modules that are called are noted by their paths, but for what a loop of JAX's calls."""
    start = get_opaque_trace_state(convention="flax")

    def see(own: Callable[..., Any], args: Any, kwargs: Any, context: linen.module.InterceptorContext) -> Any:
        module = context.module
        if context.method_name == "__call__" and get_opaque_trace_state(convention="flax") == start:
            found.setdefault(module.path, Seen(module, lines.get(id(module)) or line() or 0))
        return own(*args, **kwargs)

    intercepting: AbstractContextManager[None] = linen.intercept_methods(see)
    return intercepting


def following(root: Scope) -> AbstractContextManager[None]:
    """While it lasts, the call of a module is the call of its scope, which may have other numbers than it."""
    start, inside = get_opaque_trace_state(convention="flax"), [Scope()]

    def follow(own: Callable[..., Any], args: Any, kwargs: Any, context: linen.module.InterceptorContext) -> Any:
        scope = scope_at(root, context.module.path) if context.method_name == "__call__" else None
        if scope is None or not scope.paragone_seen or scope is inside[-1]:
            return own(*args, **kwargs)
        hand_over(scope, context.module)
        if inside[-1].paragone_closed or get_opaque_trace_state(convention="flax") != start:
            return own(*args, **kwargs)
        inside.append(scope)
        try:
            with running(own):
                return scope(*args, **kwargs)
        finally:
            inside.pop()

    intercepting: AbstractContextManager[None] = linen.intercept_methods(follow)
    return intercepting
