"""Every call of a module or function of PyTorch that a model makes, passed to `Sites`."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from torch import nn
from torch.jit import ScriptModule
from torch.overrides import TorchFunctionMode

from paragone.calls.install import call, resolved
from paragone.calls.sites import Sites, functions
from paragone.frameworks.torch.batch_norm import noted
from paragone.layers.base import Function, LayerKind, Spelling

Meaning = tuple[LayerKind, Spelling, Function]


@cache
def meanings() -> dict[Any, list[Meaning]]:
    """The layers that PyTorch's functions compute, by the function itself, whatever name a file has for it."""
    found: dict[Any, list[Meaning]] = {}
    for meaning in functions("torch"):
        for place in meaning[2].places:
            at = resolved(place)
            if at is not None:
                found.setdefault(getattr(*at), []).append(meaning)
    return found


class _Watching(TorchFunctionMode):
    """Sees every function of PyTorch that is called, also as a method of a tensor."""

    def __init__(self, sites: Sites):
        super().__init__()
        self._sites = sites

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        several = meanings().get(func)
        if several is None:
            return func(*args, **(kwargs or {}))
        return call(self._sites, several, func, args, kwargs or {})


def watch(model: nn.Module, sites: Sites) -> None:
    """From now on the calls of this model and of its parts are passed to `sites`."""
    for module in model.modules():
        if not isinstance(module, ScriptModule):
            own = noted(module, model, module.forward)
            module.forward = _passing(module, own, sites, outermost=module is model)


def _passing(module: nn.Module, own: Callable[..., Any], sites: Sites, *, outermost: bool) -> Callable[..., Any]:
    def forward(*args: Any, **kwargs: Any) -> Any:
        if sites.idle:
            return own(*args, **kwargs)
        if not outermost:
            return sites.layer(module, own, args, kwargs)
        with _Watching(sites):
            return sites.layer(module, own, args, kwargs)

    return forward
