"""What PyTorch's batch normalisation does otherwise than others do: seen while a side runs, and changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from paragone.layers import is_own
from paragone.layers.batch_norm import NORMALISES_WITH

_MODES = {"eval", "train"}
"""Names in the code of a class that says which of its parts train."""


def keep_biased_variance(module: Any) -> None:
    """Undo the factor n / (n - 1) that PyTorch puts on the batch variance before it enters `running_var`."""
    before: list[Any] = []

    def remember(module: Any, _inputs: Any) -> None:
        before[:] = [module.running_var.clone()] if module.training else []

    def correct(module: Any, inputs: Any, _output: Any) -> None:
        if not before:
            return
        n = inputs[0].numel() // inputs[0].shape[1]
        kept = (1.0 - module.momentum) * before[0]
        with torch.no_grad():  # a new tensor: autograd keeps the old one for the backward pass
            module.running_var = kept + (module.running_var - kept) * (n - 1) / n

    module.register_forward_pre_hook(remember)
    module.register_forward_hook(correct)


def divide_by_n(module: Any) -> None:
    """Normalise a batch with the mean of its squares, where a class of the user's divides them by n - 1 (row G18)."""

    def correct(module: Any, inputs: Any, output: Any) -> Any:
        if not module.training:
            return None
        x = inputs[0]
        n = x.numel() // x.shape[1]
        shape = [1, -1, *[1] * (x.ndim - 2)]
        variance = x.var([axis for axis in range(x.ndim) if axis != 1], correction=0).view(shape)
        factor = torch.sqrt((variance * n / (n - 1) + module.eps) / (variance + module.eps))
        bias = 0.0 if module.bias is None else module.bias.view(shape)
        return (output - bias) * factor + bias

    module.register_forward_hook(correct)


def noted(module: nn.Module, model: nn.Module, forward: Callable[..., Any]) -> Callable[..., Any]:
    """The forward pass of a batch normalisation, which notes whether it trains while its model does.

    A file may put it into evaluation mode in a `train` or in a `forward` of its own, so it is seen where it is used.
    """
    if not isinstance(module, nn.modules.batchnorm._BatchNorm) or module.running_mean is None:
        return forward
    norm: Any = module
    norm.model_trains = lambda: model.training

    def noting(*args: Any, **kwargs: Any) -> Any:
        if model.training:
            setattr(norm, NORMALISES_WITH, "batch" if norm.training else "running")
        return forward(*args, **kwargs)

    return noting


def see_training(model: nn.Module, inputs: Sequence[Any]) -> None:
    """Pass a batch through a model in training mode, where a class of it says itself which of its parts train."""
    if not any(_sets_modes(kind) for kind in {type(module) for module in model.modules() if not is_own(module)}):
        return
    kept = {name: buffer.clone() for name, buffer in model.named_buffers()}
    with torch.no_grad(), torch.random.fork_rng(devices=[]):
        try:
            model(*inputs)
        finally:
            for name, buffer in model.named_buffers():
                buffer.copy_(kept[name])


def _sets_modes(kind: type) -> bool:
    codes = (getattr(value, "__code__", None) for value in vars(kind).values())
    return any(code is not None and not _MODES.isdisjoint(code.co_names) for code in codes)


def keep_batch_statistics(module: Any) -> None:
    """Normalise with the statistics of the batch whenever the model trains, whatever the file says of this layer."""
    module.register_forward_pre_hook(lambda norm, _inputs: setattr(norm, "training", norm.model_trains()))


def keep_running_statistics(module: Any) -> None:
    """Normalise with the running statistics in training as well, as a layer of Keras that is not trainable does."""
    module.eval()
    module.train = lambda _mode=True: module
