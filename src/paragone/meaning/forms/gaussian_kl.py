"""How far N(mean, exp(log-variance)) is from the standard normal, for every sample: a form without a target.

The output holds the means and then the log-variances side by side in its last axis; a model may also give them as two
outputs. The sum is over the latent numbers (row D8).
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Form, Numbers, Options


def _fits(output: Any, _target: Any) -> bool:
    return bool(output.ndim == 2 and output.shape[-1] % 2 == 0)


def _values(xp: Numbers, output: Any, _target: Any, _options: Options) -> Any:
    half = output.shape[-1] // 2
    mean, log_variance = output[..., :half], output[..., half:]
    return 0.5 * xp.sum(mean * mean + xp.exp(log_variance) - 1.0 - log_variance)


FORM = Form("Gaussian KL divergence", _fits, _values, alone=True)
