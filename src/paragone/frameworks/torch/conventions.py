"""Conventions of PyTorch's layers that are no attributes: how each is changed, and how it is found by experiment."""

from __future__ import annotations

import copy
from typing import Any

import torch

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import BIASED, BY_N, SAMPLES, measured_variance
from paragone.frameworks.torch.batch_norm import (
    divide_by_n,
    keep_batch_statistics,
    keep_biased_variance,
    keep_running_statistics,
)
from paragone.frameworks.torch.recurrent import train_one_bias
from paragone.layers.batch_norm import TRAINING_STATISTICS, normalises_with
from paragone.layers.whole import BEFORE

CONVENTIONS = {
    BIASED: keep_biased_variance,
    BY_N: divide_by_n,
    "one": train_one_bias,
    "running": keep_running_statistics,
    "batch": keep_batch_statistics,
    BEFORE: train_one_bias,
}
"""What makes a module have the value."""


def measured(layer: SeenLayer, trait: str, /) -> str | None:
    """What a class derived from a batch normalisation does with variances, and what it normalises with."""
    if trait == TRAINING_STATISTICS:
        return normalises_with(layer.thing)
    variance = getattr(layer.thing, "running_var", None)
    if variance is None:
        return None
    spatial = (1,) * (len(layer.input_shape) - 1)

    def trained(batch: Array) -> tuple[Array, Array]:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            norm: Any = copy.deepcopy(layer.thing).train()
            norm.running_var.zero_()
            outputs = type(norm).forward(norm, torch.from_numpy(batch).to(variance))  # a watched one calls the original
            return outputs.double().numpy(), norm.running_var.double().numpy()

    return measured_variance(trait, trained, (SAMPLES, len(variance), *spatial), 1)
