"""Where a PyTorch model flattens channels-first images, the next kernel's rows are in (C, H, W) order.

Keras and Flax flatten (H, W, C). The kernel of the first `Linear` after the flatten is the same function only when its
rows are reordered (row G11 of the catalogue). Here the flatten is seen while the model runs, whichever way it is
written: `nn.Flatten`, `torch.flatten`, `view`, `reshape`; and so is the axis of the channels, which a convolution puts
second, a `Linear` or an embedding last, and a transpose elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn
from torch.overrides import TorchFunctionMode

from paragone.frameworks.base import Array
from paragone.workers.dataset import each_form

_RESHAPES = {torch.flatten, torch.reshape, torch.Tensor.flatten, torch.Tensor.view, torch.Tensor.reshape}
_SECOND = {
    *(torch.conv1d, torch.conv2d, torch.conv3d),
    *(torch.conv_transpose1d, torch.conv_transpose2d, torch.conv_transpose3d),
}
_LAST = {
    *(nn.functional.linear, nn.functional.embedding, nn.functional.layer_norm),
    *(torch.matmul, torch.Tensor.matmul, torch.Tensor.__matmul__, torch.bmm),
}
_RECURRENT = {"lstm", "gru", "rnn_tanh", "rnn_relu"}
_MOVES = {
    *(torch.movedim, torch.moveaxis, torch.permute, torch.transpose, torch.swapaxes, torch.swapdims),
    *(torch.Tensor.movedim, torch.Tensor.moveaxis, torch.Tensor.permute),
    *(torch.Tensor.transpose, torch.Tensor.swapaxes, torch.Tensor.swapdims),
}
_CHANNELS = "_paragone_channels_at"
Reorder = Callable[[Array], Array]


class Flattening:
    """The flattens of one run of a model."""

    def __init__(self) -> None:
        self._sources: dict[int, tuple[int, ...]] = {}

    @contextmanager
    def watch(self, model: nn.Module, inputs: Sequence[Any], forms: str) -> Iterator[None]:
        """Watch the model run once.

        Args:
            model: to run.
            inputs: what it will be given.
            forms: in which form of the data they are, as a `View` says it.
        """
        self._sources.clear()
        for x, form in zip(inputs, each_form(forms, len(inputs)), strict=True):
            _mark(x, 1 if form == "channels first" else x.ndim - 1)
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

    def source(self, module: Any) -> tuple[int, ...]:
        """The shape that was flattened just before a `Linear`, if its rows are in another order than channels last."""
        source = self._sources.get(id(module), ())
        return source if source and source[0] != 1 and _size(source) != source[0] else ()

    def layout(self, module: Any, attribute: str) -> tuple[Reorder, Reorder]:
        """From PyTorch's rows to channels-last rows of a `Linear`'s weight (out, in), and back."""
        source = self.source(module)
        if not source or attribute != "weight":
            return _same, _same
        n = len(source)

        def to_last(array: Array) -> Array:
            return array.reshape(-1, *source).transpose(0, *range(2, n + 1), 1).reshape(array.shape)

        def to_first(array: Array) -> Array:
            return array.reshape(-1, *source[1:], source[0]).transpose(0, n, *range(1, n)).reshape(array.shape)

        return to_last, to_first


class _Watcher(TorchFunctionMode):
    """Remembers the last tensor of three or more axes, its channels second, that was flattened to two."""

    def __init__(self) -> None:
        super().__init__()
        self.pending: tuple[int, ...] | None = None

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") in _RECURRENT and isinstance(result, tuple):
            _mark(result[0], result[0].ndim - 1)
        source = next(_tensors(args), None)
        if source is None or not torch.is_tensor(result):
            return result
        if func in _RESHAPES and source.ndim >= 3 and result.ndim == 2:
            self.pending = tuple(source.shape[1:]) if getattr(source, _CHANNELS, 1) == 1 else None
        elif (at := _channels_after(func, source, args, kwargs or {}, result)) is not None:
            _mark(result, at)
        return result


def _mark(x: Any, at: int) -> None:
    """Remember the axis of a tensor's channels."""
    if torch.is_tensor(x):
        setattr(x, _CHANNELS, at)


def _tensors(args: Any) -> Iterator[Any]:
    """The tensors among arguments, those first whose channels are known."""
    flat = [one for arg in args for one in (arg if isinstance(arg, list | tuple) else [arg]) if torch.is_tensor(one)]
    yield from sorted(flat, key=lambda one: not hasattr(one, _CHANNELS))


def _channels_after(func: Any, x: Any, args: Any, kwargs: Any, result: Any) -> int | None:
    """The axis of the channels of a result; None where it cannot be said."""
    if func in _SECOND:
        return 1
    if func in _LAST:
        return int(result.ndim) - 1
    at = getattr(x, _CHANNELS, 1)
    if func in _MOVES:
        return _moved(func, x, at, args, kwargs)
    if not hasattr(x, _CHANNELS) or result.ndim == x.ndim:
        return getattr(x, _CHANNELS, None)
    if at == x.ndim - 1 and result.ndim and result.shape[-1] == x.shape[-1]:
        return int(result.ndim) - 1
    return at if result.ndim > at and result.shape[at] == x.shape[at] else None


def _moved(func: Any, x: Any, at: int, args: Any, kwargs: Any) -> int:
    """Where a transpose brings the channels: tried on a tensor whose axes tell which they are."""
    axes = torch.empty(tuple(range(2, x.ndim + 2)), device="meta")
    return tuple(func(axes, *args[1:], **kwargs).shape).index(at + 2)


def _size(shape: tuple[int, ...]) -> int:
    size = 1
    for axis in shape:
        size *= axis
    return size


def _same(array: Array) -> Array:
    return array
