"""The canonical training loops of PyTorch, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch.utils.data import DataLoader, TensorDataset

from paragone.frameworks.base import Batch
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


Pipeline = Callable[[Sequence[Any], int], Iterable[Sequence[Any]]]
"""From whole arrays and a batch size to batches in a new random order each time that it is gone over."""


def loaded(arrays: Sequence[Any], batch_size: int) -> Iterable[Sequence[Any]]:
    """The `DataLoader` of PyTorch's own tutorials."""
    found: Iterable[Sequence[Any]] = DataLoader(TensorDataset(*arrays), batch_size=batch_size, shuffle=True)
    return found


class Indexed:
    """Rows taken out of whole tensors, which spares the `DataLoader` its Python for every sample."""

    def __init__(self, arrays: Sequence[Any], batch_size: int):
        self._arrays, self._batch_size = arrays, batch_size

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in a new random order."""
        for rows in torch.randperm(len(self._arrays[0])).split(self._batch_size):
            yield [array[rows] for array in self._arrays]


PIPELINES: dict[str, Pipeline] = {"idiomatic": loaded, "tuned": Indexed}


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, with or without a step for each."""
    several = isinstance(whole.y, list)
    pipeline = PIPELINES[track]([*whole.x, *(whole.y if several else [whole.y])], side.batch_size)
    step, count = side.step_of(track), len(whole.x)

    def run(n: int) -> None:
        for _ in range(n):
            for arrays in pipeline:
                if compute:
                    step(list(arrays[:count]), list(arrays[count:]) if several else arrays[count])

    return run
