"""The gradients of a side's own step, as the backward pass leaves them and as the optimizer is given them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from paragone.meaning.clipping import Ran, seen_clipping

Raw = dict[int, Any]
"""Gradients as the backward pass left them, by the ids of their parameters."""


def keep_raw(optimizer: Any, factor: float = 1.0) -> tuple[Raw, list[Any]]:
    """From now on the gradients that a backward pass leaves, times a factor; and the hooks that keep them.

    `Tensor.register_post_accumulate_grad_hook`, torch 2.13.
    """
    raw: Raw = {}

    def note(parameter: Any) -> None:
        if factor != 1.0:
            parameter.grad.mul_(factor)
        raw[id(parameter)] = parameter.grad.detach().clone()

    return raw, [p.register_post_accumulate_grad_hook(note) for p in _parameters(optimizer) if p.requires_grad]


@contextmanager
def raw_gradients(optimizer: Any, factor: float = 1.0) -> Iterator[Raw]:
    """The gradients that the backward passes inside leave, times a factor."""
    raw, hooks = keep_raw(optimizer, factor)
    try:
        yield raw
    finally:
        for hook in hooks:
            hook.remove()


def clipping_of(optimizer: Any, run: Callable[[], Any], dtype: str) -> dict[str, float]:
    """What a step clips by; `run` runs it once, and the parameters are put back."""
    start = [parameter.detach().clone() for parameter in _parameters(optimizer)]

    def step(factor: float) -> Ran:
        given: Raw = {}

        def note(*_: Any) -> None:
            given.update({id(p): p.grad.detach().clone() for p in _parameters(optimizer) if p.grad is not None})

        handle = optimizer.register_step_pre_hook(note)
        try:
            with raw_gradients(optimizer, factor) as raw:
                run()
        finally:
            handle.remove()
            with torch.no_grad():
                for parameter, value in zip(_parameters(optimizer), start, strict=True):
                    parameter.copy_(value)
        names = [name for name in raw if name in given]
        left, right = ([some[name].cpu().double().numpy() for name in names] for some in (raw, given))
        return left, right

    return seen_clipping(step, dtype)


def _parameters(optimizer: Any) -> list[Any]:
    return [parameter for group in optimizer.param_groups for parameter in group["params"]]
