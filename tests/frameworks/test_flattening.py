"""Where PyTorch flattens: the order of the rows behind it is told by the axis on which the channels are."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from paragone.frameworks.torch.flattening import Flattening

IMAGE, TOKENS, SEQUENCE = torch.randn(2, 3, 5, 5), torch.randint(0, 9, (2, 5)), torch.randn(2, 5, 8)


class Net(nn.Module):
    def __init__(self, before: nn.Module, flatten: Callable[[Any], Any], size: int):
        super().__init__()
        self.before, self.flatten = before, flatten
        self.out = nn.Linear(size, 2)

    def forward(self, x: Any) -> Any:
        x = self.before(x)
        return self.out(self.flatten(x[0] if isinstance(x, tuple) else x))


class Attention(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.heads = nn.MultiheadAttention(8, 2, batch_first=True)

    def forward(self, x: Any) -> Any:
        return self.heads(x, x, x)[0] + x


def convolution() -> nn.Module:
    return nn.Sequential(nn.Conv2d(3, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2, 1))


def patches(x: Any) -> Any:
    return torch.cat([x.flatten(2).transpose(1, 2)] * 2, 1).reshape(2, -1)


@pytest.mark.parametrize(
    ("before", "flatten", "x", "source"),
    [
        (convolution(), lambda x: x.flatten(1), IMAGE, (6, 2, 2)),
        (convolution(), lambda x: x.view(len(x), -1), IMAGE, (6, 2, 2)),
        (convolution(), lambda x: x.flatten(2).flatten(1), IMAGE, (6, 4)),
        (convolution(), lambda x: x.movedim(1, -1).flatten(1), IMAGE, ()),
        (convolution(), lambda x: torch.permute(x, (0, 2, 3, 1)).contiguous().reshape(len(x), -1), IMAGE, ()),
        (nn.Conv2d(3, 6, 2), patches, IMAGE, ()),
        (nn.Identity(), lambda x: torch.flatten(x, 1), IMAGE, (3, 5, 5)),
        (nn.Identity(), lambda x: torch.flatten(x, 1), SEQUENCE, ()),
        (nn.Embedding(9, 8), lambda x: x.flatten(1), TOKENS, ()),
        (nn.Embedding(9, 8), lambda x: nn.functional.conv1d(x.mT, torch.randn(4, 8, 2)).flatten(1), TOKENS, (4, 4)),
        (nn.LSTM(8, 6, batch_first=True), lambda x: x.flatten(1), SEQUENCE, ()),
        (Attention(), lambda x: x.flatten(1), SEQUENCE, ()),
    ],
)
def test_the_order_of_a_flatten_is_that_of_the_channels(
    before: nn.Module, flatten: Callable[[Any], Any], x: Any, source: tuple[int, ...]
) -> None:
    with torch.no_grad():
        first = before(x)
        model = Net(before, flatten, flatten(first[0] if isinstance(first, tuple) else first).shape[1])
        flattening = Flattening()
        given = x.clone()
        with flattening.watch(model, [given], "channels first" if x.ndim == IMAGE.ndim else "as given"):
            model(given)
    assert flattening.source(model.out) == source
