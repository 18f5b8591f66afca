"""The canonical training loops of PyTorch, one for each track; the report shows them beside the side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Sampler, TensorDataset

from paragone.frameworks.base import Array, Batch, Training
from paragone.frameworks.torch.finding import flat_tensors
from paragone.frameworks.torch.precision import PRECISIONS

__all__ = ["INFERENCE", "LOOPS", "PIPELINES", "PRECISIONS"]


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


Pipeline = Callable[[Sequence[Any], int, Iterator[Array] | None], Iterable[Sequence[Any]]]
"""From whole arrays, a batch size and orders to batches; without orders in a new random one each time that it is gone
over. Samples that fill no last batch are left out."""


class Ordered(Sampler[int]):
    """Gives the next of the orders each time that it is gone over."""

    def __init__(self, orders: Iterator[Array]):
        self._orders = orders

    def __iter__(self) -> Iterator[int]:
        """Numbers of samples."""
        return iter(next(self._orders).tolist())


def loaded(arrays: Sequence[Any], batch_size: int, orders: Iterator[Array] | None = None) -> Iterable[Sequence[Any]]:
    """The `DataLoader` of PyTorch's own tutorials."""
    how: dict[str, Any] = {"shuffle": True} if orders is None else {"sampler": Ordered(orders)}
    found: Iterable[Sequence[Any]] = DataLoader(TensorDataset(*arrays), batch_size=batch_size, drop_last=True, **how)
    return found


class Indexed:
    """Rows taken out of whole tensors, which spares the `DataLoader` its Python for every sample."""

    def __init__(self, arrays: Sequence[Any], batch_size: int, orders: Iterator[Array] | None = None):
        self._arrays, self._batch_size, self._orders = arrays, batch_size, orders

    def __iter__(self) -> Iterator[Sequence[Any]]:
        """Batches in a new random order."""
        order = self._order()
        for rows in order[: len(order) // self._batch_size * self._batch_size].split(self._batch_size):
            yield [array[rows] for array in self._arrays]

    def _order(self) -> Any:
        if self._orders is None:
            return torch.randperm(len(self._arrays[0]))
        return torch.from_numpy(np.ascontiguousarray(next(self._orders)))


PIPELINES: dict[str, Pipeline] = {"idiomatic": loaded, "tuned": Indexed}


def epochs(side: Any, track: str, whole: Batch, *, compute: bool) -> Callable[[int], None]:
    """Goes so often over the whole training set, with or without a step for each."""
    pipeline, taken = PIPELINES[track](_arrays(whole), side.batch_size, None), _taken(whole)
    step = side.step_of(track)

    def run(n: int) -> None:
        for _ in range(n):
            for arrays in pipeline:
                if compute:
                    step(*taken(arrays))

    return run


def training(side: Any, track: str, whole: Batch, orders: Iterator[Array]) -> Training:
    """Trains over the training set in these orders, and steps the side's scheduler where the side does not itself."""
    pipeline, taken = PIPELINES[track](_arrays(whole), side.batch_size, orders), _taken(whole)
    step = side.step_of(track)

    def epoch() -> None:
        loss: Any = None
        for arrays in pipeline:
            loss = step(*taken(arrays))
            side.scheduled("batch", loss)
        side.scheduled("epoch", loss)

    return Training(epoch)


def _arrays(whole: Batch) -> list[Any]:
    return [*whole.x, *(whole.y if isinstance(whole.y, list) else [whole.y])]


def _taken(whole: Batch) -> Callable[[Sequence[Any]], tuple[Any, Any]]:
    """How inputs and targets are taken out of the arrays of a batch."""
    several, count = isinstance(whole.y, list), len(whole.x)
    return lambda arrays: (list(arrays[:count]), list(arrays[count:]) if several else arrays[count])


def product(size: int) -> Callable[[], None]:
    """Multiplies two square matrices in float32."""
    a, b = torch.rand(size, size, dtype=torch.float32), torch.rand(size, size, dtype=torch.float32)
    c = torch.empty_like(a)

    def multiply() -> None:
        torch.mm(a, b, out=c)

    return multiply
