"""The parameters and buffers of a PyTorch model, and the order in which a run of it first uses them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from paragone.frameworks.places import Place


def places(model: nn.Module) -> Iterator[Place]:
    """All parameters, and all buffers of floating numbers."""
    for name, module in model.named_modules():
        prefix = f"{name}." if name else ""
        for attribute, parameter in module.named_parameters(recurse=False, remove_duplicate=False):
            frozen = not parameter.requires_grad
            yield Place(f"{prefix}{attribute}", module, attribute, module, frozen=frozen)
        for attribute, buffer in module.named_buffers(recurse=False, remove_duplicate=False):
            if buffer.is_floating_point():
                yield Place(f"{prefix}{attribute}", module, attribute, module, buffer=True)


def shapes_within(module: nn.Module) -> list[tuple[int, ...]]:
    """Shapes of all parameters that a module keeps inside."""
    return [tuple(parameter.shape) for parameter in module.parameters()]


@contextmanager
def watched(used: list[int]) -> Iterator[None]:
    """While it lasts, the ids of tensors that functions are given are noted, the first use first."""
    with _Watcher(used), _without_fast_path():
        yield


@contextmanager
def _without_fast_path() -> Iterator[None]:
    """The fused kernels of attention take all weights at once and hide their order."""
    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)
    try:
        yield
    finally:
        torch.backends.mha.set_fastpath_enabled(before)


class _Watcher(TorchFunctionMode):
    def __init__(self, used: list[int]) -> None:
        super().__init__()
        self._used = used

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        if torch.is_tensor(result) or isinstance(result, (tuple, list)):  # else it only looked at a tensor's form
            self._note([*args, *kwargs.values()])
        return result

    def _note(self, values: Any) -> None:
        for value in values:
            if torch.is_tensor(value):
                self._used.append(id(value))
            elif isinstance(value, (tuple, list)):
                self._note(value)
