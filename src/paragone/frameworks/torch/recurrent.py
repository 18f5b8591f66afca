"""Recurrent layers with one trained bias, as an intervention on PyTorch's two."""

from __future__ import annotations

from typing import Any


def train_one_bias(module: Any) -> None:
    """The second vector of biases stays as it is: both only ever act as their sum (row H4)."""
    for name, parameter in module.named_parameters(recurse=False):
        if name.startswith("bias_hh"):
            parameter.requires_grad_(False)
