"""The canonical training loops of PyTorch, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from paragone.frameworks.torch.finding import flat_tensors


def idiomatic(model: Any, criterion: Any, optimizer: Any) -> Callable[[Any, Any], Any]:
    """The plain loop of PyTorch's own tutorials."""

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = criterion(model(*x), y)
        loss.backward()
        optimizer.step()
        return loss

    return step


def tuned(model: Any, criterion: Any, optimizer: Any) -> Callable[[Any, Any], Any]:
    """`torch.compile` over model and loss; the optimizer stays as the side made it."""

    @torch.compile
    def forward(x: Any, y: Any) -> Any:
        return criterion(model(*x), y)

    def step(x: Any, y: Any) -> Any:
        optimizer.zero_grad()
        loss = forward(x, y)
        loss.backward()
        optimizer.step()
        return loss

    return step


LOOPS = {"idiomatic": idiomatic, "tuned": tuned}


def infer(model: Any) -> Callable[[Any], Any]:
    """A call in evaluation mode, without gradients or what they would need."""
    model.eval()

    def call(x: Any) -> list[Any]:
        with torch.inference_mode():
            return [output.cpu().numpy() for output in flat_tensors(model(*x))]

    return call


def infer_tuned(model: Any) -> Callable[[Any], Any]:
    """The same, compiled by `torch.compile`."""
    model.eval()
    compiled = torch.compile(model)

    def call(x: Any) -> list[Any]:
        with torch.inference_mode():
            return [output.cpu().numpy() for output in flat_tensors(compiled(*x))]

    return call


INFERENCE = {"idiomatic": infer, "tuned": infer_tuned}
