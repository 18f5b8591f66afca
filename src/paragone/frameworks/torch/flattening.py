"""Where a PyTorch model flattens channels-first images, the next kernel's rows are in (C, H, W) order.

Keras and Flax flatten (H, W, C). The kernel of the first `Linear` after the flatten is the same function only when its
rows are reordered (row G11 of the catalogue). Here the flatten is seen while the model runs, whichever way it is
written: `nn.Flatten`, `torch.flatten`, `view`, `reshape`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from paragone.frameworks.base import Array

_RESHAPES = {torch.flatten, torch.reshape, torch.Tensor.flatten, torch.Tensor.view, torch.Tensor.reshape}
Reorder = Callable[[Array], Array]


class Flattening:
    """The flattens of one run of a model."""

    def __init__(self) -> None:
        self._sources: dict[int, tuple[int, ...]] = {}

    @contextmanager
    def watch(self, model: nn.Module) -> Iterator[None]:
        """Watch the model run once."""
        self._sources.clear()
        watcher = _Watcher()
        handles = [
            layer.register_forward_pre_hook(lambda module, inputs: self._note(watcher, module, inputs[0]))
            for layer in model.modules()
            if isinstance(layer, nn.Linear)
        ]
        with watcher:
            yield
        for handle in handles:
            handle.remove()

    def _note(self, watcher: _Watcher, module: nn.Module, x: Any) -> None:
        source = watcher.pending
        watcher.pending = None
        if source is not None and x.ndim == 2 and x.shape[1] == _size(source):
            self._sources[id(module)] = source

    def layout(self, module: Any, attribute: str) -> tuple[Reorder, Reorder]:
        """From PyTorch's rows to channels-last rows of a `Linear`'s weight (out, in), and back."""
        source = self._sources.get(id(module))
        if source is None or attribute != "weight" or source[0] == 1 or _size(source) == source[0]:
            return _same, _same
        n = len(source)

        def to_last(array: Array) -> Array:
            return array.reshape(-1, *source).transpose(0, *range(2, n + 1), 1).reshape(array.shape)

        def to_first(array: Array) -> Array:
            return array.reshape(-1, *source[1:], source[0]).transpose(0, n, *range(1, n)).reshape(array.shape)

        return to_last, to_first


class _Watcher(TorchFunctionMode):
    """Remembers the last tensor of three or more sample axes that was flattened to one."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: tuple[int, ...] | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if func in _RESHAPES and args and args[0].ndim >= 3 and torch.is_tensor(result) and result.ndim == 2:
            self.pending = tuple(args[0].shape[1:])
        return result


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for axis in shape:
        size *= axis
    return size


def _same(array: Array) -> Array:
    return array
