"""A recurrent layer of PyTorch that leaves steps out, as an intervention: the others packed, as people do it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.nn.functional import pad
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def maskable(layer: Any) -> bool:
    """Whether it can be done here: the batch comes first, as in the tokens."""
    return bool(layer.batch_first)


def masked(own: Callable[..., Any], layer: Any, mask: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
    """What the layer gives where only the steps with True are read; the others repeat, or are zero both ways."""
    order = mask.int().argsort(dim=1, descending=True, stable=True).unsqueeze(-1)
    lengths = mask.sum(1).clamp(min=1).cpu()
    x = args[0].take_along_dim(order, 1)
    packed, states = own(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False), *args[1:], **kwargs)
    outputs, _ = pad_packed_sequence(packed, batch_first=True, total_length=mask.shape[1])
    at = mask.cumsum(1) * (mask if layer.bidirectional else 1)
    outputs = pad(outputs, (0, 0, 1, 0)).take_along_dim(at.unsqueeze(-1), 1)
    read = mask.any(1)[:, None]
    return outputs, tuple(one * read for one in states) if isinstance(states, tuple) else states * read


def read_from(tokens: torch.Tensor, *, unless_all: bool) -> torch.Tensor:
    """True where a token is not the one that fills a sequence up; `unless_all`, and in sequences of nothing else."""
    read = tokens != 0
    return read | ~read.any(1, keepdim=True) if unless_all else read
