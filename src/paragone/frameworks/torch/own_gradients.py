"""The gradients in a step of the side's own: as its loss gave them, and as its optimizer was given them.

Between the two a step may clip, scale or add noise. Other frameworks clip in the optimizer, so that either may be what
corresponds to another side's gradients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from unittest import mock

import numpy as np
import torch

from paragone.frameworks.base import Array, Weights


def watched(optimizer: Any, read: Callable[[], Mapping[str, Array]], run: Callable[[], Any]) -> tuple[Weights, Weights]:
    """What the optimizer was given in one step, and what its loss had given where that was something else.

    Args:
        optimizer: whose step it is.
        read: the gradients as they are now.
        run: the step.
    """
    given: Weights = {}
    of_loss: Weights = {}
    backward = torch.autograd.backward

    def noted(*args: Any, **kwargs: Any) -> None:
        backward(*args, **kwargs)
        of_loss.update(read())

    handle = optimizer.register_step_pre_hook(lambda *_: given.update(read()))
    try:
        with mock.patch.object(torch.autograd, "backward", noted):
            run()
    finally:
        handle.remove()
    changed = any(not np.array_equal(array, given[name], equal_nan=True) for name, array in of_loss.items() if given)
    return given, of_loss if changed else {}


def asked_for(parameters: Sequence[Any], run: Callable[[], Any]) -> dict[int, Any]:
    """The gradients that a step asks for by `torch.autograd.grad` or a backward pass, by the ids of parameters."""
    found: dict[int, Any] = {}
    backward, grad = torch.autograd.backward, torch.autograd.grad

    def noted(*args: Any, **kwargs: Any) -> None:
        backward(*args, **kwargs)
        found.update({id(p): p.grad.detach().clone() for p in parameters if p.grad is not None})

    def given(outputs: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        gradients = grad(outputs, inputs, *args, **kwargs)
        several = [inputs] if torch.is_tensor(inputs) else list(inputs)
        pairs = zip(several, gradients, strict=True)
        found.update({id(p): g.detach().clone() for p, g in pairs if g is not None})
        return gradients

    with mock.patch.object(torch.autograd, "backward", noted), mock.patch.object(torch.autograd, "grad", given):
        run()
    return found
