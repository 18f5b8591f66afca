"""What a PyTorch optimizer does to a few weights, without its side."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import numpy as np
import torch
from torch import nn

from paragone.frameworks.base import Array
from paragone.meaning.optimizer import GRADIENTS, START

_HOOKS = ("_optimizer_step_pre_hooks", "_optimizer_step_post_hooks")


def moves(optimizer: Any, group: Mapping[str, Any]) -> tuple[list[Array], list[float], dict[str, Any]] | None:
    """The weights after each update, the rates, which fall, and a group's numbers; None where the class needs more.

    Args:
        optimizer: of the side; it stays as it is.
        group: its first group of parameters, as at the start.
    """
    rate = float(group["lr"])
    constant, falling = [rate] * len(GRADIENTS), [rate / (1 + number) for number in range(len(GRADIENTS))]
    one, other = _moved(optimizer, group, constant), _moved(optimizer, group, falling)
    if one is None:
        return None
    if other is None or np.array_equal(one, other):  # it keeps a rate elsewhere
        return one, constant, _numbers(group)
    return other, falling, _numbers(group)


def _moved(optimizer: Any, group: Mapping[str, Any], rates: Sequence[float]) -> list[Array] | None:
    weight = nn.Parameter(torch.from_numpy(START.copy()))
    kept = {
        name: copy(value) if isinstance(value, (dict, list, set)) else value for name, value in vars(optimizer).items()
    }
    probe: Any = object.__new__(type(optimizer))
    vars(probe).update(kept, state=defaultdict(dict), param_groups=[{**group, "params": [weight]}])
    vars(probe).update({name: OrderedDict() for name in _HOOKS})
    vars(probe).pop("step", None)  # a scheduler's, which is bound to the side's own
    found = []
    try:
        for gradient, rate in zip(GRADIENTS, rates, strict=True):
            probe.param_groups[0]["lr"] = rate
            weight.grad = torch.from_numpy(gradient.copy())
            probe.step()
            found.append(weight.detach().numpy().copy())
    except Exception:  # it is the user's own class: what it raises here says nothing about the side
        return None
    return found


def _numbers(group: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {name: value for name, value in group.items() if isinstance(value, (bool, int, float))}
    for name, value in group.items():
        if isinstance(value, (tuple, list)) and name != "params":
            numbers |= {f"{name}.{place}": one for place, one in enumerate(value) if isinstance(one, (int, float))}
    return numbers
