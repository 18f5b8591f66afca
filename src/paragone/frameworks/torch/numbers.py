"""The functions that forms of losses are made of, in PyTorch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch


class TorchNumbers:
    """`paragone.meaning.forms.base.Numbers`."""

    log = staticmethod(torch.log)
    exp = staticmethod(torch.exp)
    abs = staticmethod(torch.abs)
    total = staticmethod(torch.sum)

    def where(self, test: Any, x: Any, y: Any) -> Any:
        """`x` where the test holds, `y` elsewhere."""
        return torch.where(torch.as_tensor(test), x, y)

    def clip(self, x: Any, low: float, high: float) -> Any:
        """Nothing below `low`, nothing above `high`."""
        return torch.clamp(x, low, high)

    def sum(self, x: Any) -> Any:
        """Over the last axis."""
        return x.sum(-1)

    def log_softmax(self, x: Any) -> Any:
        """Over the last axis."""
        return torch.log_softmax(x, -1)

    def softplus(self, x: Any) -> Any:
        """log(1 + exp(x)), exact; `F.softplus` is linear above 20 (row C4)."""
        return torch.logaddexp(x, torch.zeros_like(x))

    def one_hot(self, labels: Any, like: Any) -> Any:
        """Class numbers as rows of zeros and a one."""
        return torch.nn.functional.one_hot(labels.long(), like.shape[-1]).to(like.dtype)

    def cast(self, x: Any, like: Any) -> Any:
        """In the type of `like`."""
        return torch.as_tensor(x).to(like.dtype)

    def reshape(self, x: Any, shape: tuple[int, ...]) -> Any:
        """The same numbers in another shape."""
        return x.reshape(shape)

    def shape(self, x: Any) -> tuple[Any, ...]:
        """The lengths of all axes."""
        return tuple(x.shape)

    def count(self, x: Any) -> Any:
        """How many numbers it has."""
        return float(x.numel())

    def moved(self, x: Any) -> Any:
        """The axis behind the samples' axis brought to the end."""
        return x.movedim(1, -1)

    def side_by_side(self, arrays: Sequence[Any]) -> Any:
        """Laid beside each other in the last axis."""
        return torch.cat(list(arrays), -1)
