"""Batch normalisation with a biased running variance, as an intervention on PyTorch's own."""

from __future__ import annotations

from typing import Any

import torch


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


def keep_running_statistics(module: Any) -> None:
    """Normalise with the running statistics in training as well, as a layer of Keras that is not trainable does."""
    module.eval()
    module.train = lambda _mode=True: module
