"""Conventions of PyTorch's layers that are no attributes: how each is changed, and how it is found by experiment."""

from __future__ import annotations

import copy
from typing import Any

import torch

from paragone.frameworks.base import Array
from paragone.frameworks.found import SeenLayer
from paragone.frameworks.running_variance import BIASED, SAMPLES, kept_variance
from paragone.frameworks.torch.batch_norm import keep_biased_variance, keep_running_statistics
from paragone.frameworks.torch.recurrent import train_one_bias

CONVENTIONS = {BIASED: keep_biased_variance, "one": train_one_bias, "running": keep_running_statistics}
"""What makes a module have the value."""


def measured(layer: SeenLayer, trait: str, /) -> str | None:
    """The running variance that a class derived from a batch normalisation keeps."""
    variance = getattr(layer.thing, "running_var", None)
    if trait != "running_variance" or variance is None:
        return None
    spatial = (1,) * (len(layer.input_shape) - 1)

    def after(batch: Array) -> Array:
        with torch.random.fork_rng(devices=[]), torch.no_grad():
            norm: Any = copy.deepcopy(layer.thing).train()
            norm.running_var.zero_()
            type(norm).forward(norm, torch.from_numpy(batch).to(variance))  # a watched one calls the original
            return norm.running_var.double().numpy()  # type: ignore[no-any-return]

    return kept_variance(after, (SAMPLES, len(variance), *spatial))
