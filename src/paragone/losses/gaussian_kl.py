"""Gaussian KL: how far N(mean, exp(log-variance)) is from the standard normal, for a variational autoencoder.

The output holds the means and then the log-variances side by side in its last axis. The sum is over the latent
numbers, the mean over the rest. It takes no target. No framework has it ready.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import class_axis, trailing, values_mean
from paragone.spelling.entry import NoOptions, UnfitError
from paragone.spelling.spelled import Helper, Note
from paragone.task.tensor import Tensor

_NOTE = Note("D8", "the sum is over the latent numbers, the mean over the samples")
_KERAS = Helper(
    "gaussian_kl",
    '''
def gaussian_kl(output):
    """The divergence of N(mean, exp(log-variance)) from the standard normal."""
    mean, log_variance = ops.split(output, 2, axis=-1)
    terms = ops.square(mean) + ops.exp(log_variance) - 1.0 - log_variance
    return 0.5 * ops.sum(terms, axis=-1)
''',
    _NOTE,
)
_TORCH = Helper(
    "gaussian_kl",
    '''
def gaussian_kl(output: torch.Tensor, axis: int = -1) -> torch.Tensor:
    """The divergence of N(mean, exp(log-variance)) from the standard normal."""
    mean, log_variance = output.chunk(2, axis)
    terms = mean.square() + log_variance.exp() - 1 - log_variance
    return 0.5 * terms.sum(axis)
''',
    _NOTE,
)
_JAX = Helper(
    "gaussian_kl",
    '''
def gaussian_kl(output: jax.Array) -> jax.Array:
    """The divergence of N(mean, exp(log-variance)) from the standard normal."""
    mean, log_variance = jnp.split(output, 2, axis=-1)
    terms = mean**2 + jnp.exp(log_variance) - 1 - log_variance
    return 0.5 * terms.sum(-1)
''',
    _NOTE,
)


def _check(_options: NoOptions, output: Tensor, _target: Tensor) -> None:
    if not output.shape or output.shape[-1] % 2:
        raise UnfitError("an output with an even last axis: means, then log-variances", output.words())


def _torch(site: LossSite) -> LossSpelled:
    axis = "" if class_axis(site) == -1 else ", axis=1"
    return LossSpelled(values_mean(site, f"gaussian_kl({{output}}{axis})"), helpers=(_TORCH,))


def _keras(site: LossSite) -> LossSpelled:
    values = "gaussian_kl({output})"
    if site.weight is not None:
        values = f"{{weight}}{trailing(len(site.output.shape) - 1 - len(site.weight.shape))} * {values}"
    return LossSpelled(f"ops.mean({values})", helpers=(_KERAS,))


def _jax(site: LossSite) -> LossSpelled:
    return LossSpelled(values_mean(site, "gaussian_kl({output})"), helpers=(_JAX,))


LOSS = LossKind(
    "gaussian_kl",
    "mean(Σ (mean² + exp(logvar) - 1 - logvar) / 2), the output being means and log-variances side by side",
    NoOptions,
    _check,
    {
        "tensorflow": _keras,
        "torch": _torch,
        "jax": _jax,
    },
    rows=(),
    examples=({"output": (6,), "target": (1,)}, {"output": (3, 4), "target": (1,)}),
    takes_target=False,
)
