"""Poisson of a logarithm: exp(output) - target · output.

PyTorch's default (row D12; torch/nn/modules/loss.py, PoissonNLLLoss, 2.13).
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options
from paragone.meaning.forms.shared import fits_elements, lined_up


def _values(xp: Numbers, output: Any, target: Any, options: Options) -> Any:
    return xp.exp(xp.clip(output, -700.0, 700.0)) - lined_up(xp, output, target, options) * output


FORM = Form("Poisson of a logarithm", fits_elements, _values)
