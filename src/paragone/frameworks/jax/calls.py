"""Every call of an NNX module or of a function of JAX that a model makes, passed to `Sites`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import jax
from flax import nnx

from paragone.calls import install as stand_ins
from paragone.calls.sites import Sites

_PASSES = "paragone_passes_on"


class Paths:
    """Tells modules apart by their paths in the model: `nnx.jit` traces a copy of it, so that objects do not last."""

    def __init__(self) -> None:
        self._by_object: dict[int, Any] = {}
        self._alive: list[Any] = []

    def enter(self, root: Any) -> None:
        """The model that is called now."""
        self._alive = [module for _, module in nnx.iter_modules(root)]
        self._by_object = {id(module): "/".join(map(str, path)) for path, module in nnx.iter_modules(root)}

    def of(self, module: Any) -> Any:
        """The path of a module of it."""
        return self._by_object.get(id(module), type(module).__name__)


def install(sites: Sites) -> None:
    """Stand in for the functions of JAX and Flax."""
    stand_ins.install(sites)


def watch(model: Any, sites: Sites) -> None:
    """From now on the calls of modules of this model's classes are passed to `sites`."""
    for kind in {type(module) for _, module in nnx.iter_modules(model)}:
        owner: Any = _called(kind)
        if owner is None:
            continue
        if hasattr(owner.__call__, _PASSES):  # since an earlier side of this process
            getattr(owner.__call__, _PASSES)[:] = [sites]
        else:
            owner.__call__ = _passing(owner.__call__, [sites])


def _called(kind: type) -> type | None:
    """The class that defines what a call of this one does."""
    return next((parent for parent in kind.__mro__ if "__call__" in vars(parent) and parent is not object), None)


def _passing(own: Callable[..., Any], told: list[Sites]) -> Callable[..., Any]:
    """The one in `told` is passed the calls."""

    @wraps(own)
    def passes(module: Any, *args: Any, **kwargs: Any) -> Any:
        if told[0].idle:
            return own(module, *args, **kwargs)
        return told[0].layer(module, lambda *a, **k: own(module, *a, **k), args, kwargs)

    setattr(passes, _PASSES, told)
    return passes


def forget_traces(sites: Sites, *, changed: bool) -> None:
    """Functions that were compiled before a change must be traced again, those of the user's file as well."""
    if changed or not sites.idle:
        jax.clear_caches()
