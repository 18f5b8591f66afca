"""What an object or a name in a PyTorch side's file is."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import torch
from torch import nn


def is_loss(value: Any) -> bool:
    """Whether it is a loss module."""
    if not isinstance(value, nn.Module):
        return False
    names = {parent.__name__ for parent in type(value).__mro__}
    return "_Loss" in names or type(value).__name__.lower().endswith(("loss", "criterion"))


def is_optimizer(value: Any) -> bool:
    """Whether it is an optimizer."""
    return isinstance(value, torch.optim.Optimizer)


def parameters_of(optimizer: Any) -> list[Any]:
    """The parameters that an optimizer trains."""
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def own_step_of(value: Any) -> Callable[..., Any] | None:
    """A function of two arguments, or None."""
    if not inspect.isfunction(value):
        return None
    needed = [p for p in inspect.signature(value).parameters.values() if p.default is p.empty]
    return value if len(needed) == 2 else None


def flat_tensors(value: Any) -> list[Any]:
    """The tensors of an output, one after the other."""
    if torch.is_tensor(value):
        return [value]
    items = value.values() if isinstance(value, dict) else value
    return [tensor for item in items for tensor in flat_tensors(item)]


def shape_of(value: Any) -> tuple[int, ...]:
    """Shape of the first tensor without the batch axis."""
    while isinstance(value, (tuple, list)) and value:
        value = value[0]
    return tuple(value.shape[1:]) if torch.is_tensor(value) else ()
