"""What an object or a name in a PyTorch side's file is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import torch
from torch import nn

from paragone.frameworks.common import LOSS_NAMES
from paragone.sides.execute import Executed


def is_loss(value: Any) -> bool:
    """Whether it is a loss module."""
    if not isinstance(value, nn.Module):
        return False
    names = {parent.__name__ for parent in type(value).__mro__}
    return "_Loss" in names or type(value).__name__.lower().endswith(("loss", "criterion"))


def criterion_of(executed: Executed) -> Any:
    """The last loss module of a file, else a function with a name of a loss; None for neither."""
    modules = executed.of(is_loss)
    if modules:
        return modules[-1].value
    value = executed.function(*LOSS_NAMES)
    return value if callable(value) else None


def is_optimizer(value: Any) -> bool:
    """Whether it is an optimizer."""
    return isinstance(value, torch.optim.Optimizer)


def parameters_of(optimizer: Any) -> list[Any]:
    """The parameters that an optimizer trains."""
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]


def flat_tensors(value: Any) -> list[Any]:
    """The tensors of an output, one after the other; those of a dict by their keys, as TensorFlow and JAX sort them."""
    if torch.is_tensor(value):
        return [value]
    if value is None or isinstance(value, (bool, int, float, str)):
        return []
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    items = [value[key] for key in sorted(value)] if isinstance(value, Mapping) else value
    return [tensor for item in items for tensor in flat_tensors(item)]
