"""Poisson: the mean of output - target · log(output + 1e-7), for an output that is a positive rate.

Keras' form (keras/src/losses/losses.py, 3.15). PyTorch takes the logarithm of the rate by default and has an epsilon of
1e-8 (`log_input`, torch/nn/modules/loss.py, PoissonNLLLoss, 2.13; row D12); Optax 0.2.8 has
none for rates.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_elements, jax_helped, torch_loss
from paragone.spelling.code import DEFAULT, construct
from paragone.spelling.entry import NoOptions
from paragone.spelling.spelled import Helper, Note

_JAX = Helper(
    "poisson",
    '''
def poisson(rate: jax.Array, count: jax.Array) -> jax.Array:
    """The negative log-likelihood of every count, without its factorial."""
    return rate - count * jnp.log(rate + 1e-7)
''',
    Note("D12", "Optax has no Poisson loss of rates"),
)


def _torch(site: LossSite) -> LossSpelled:
    epsilon = 1e-7 if site.matched else DEFAULT
    return torch_loss(site, "F.poisson_nll_loss", "nn.PoissonNLLLoss", log_input=False, eps=epsilon)


LOSS = LossKind(
    "poisson",
    "mean(output - target · log(output + 1e-7)), for an output that is a rate",
    NoOptions,
    check_elements,
    {
        "tensorflow": lambda _: LossSpelled("", construct("keras.losses.Poisson")),
        "torch": _torch,
        "jax": lambda site: jax_helped(site, _JAX),
    },
    rows=("D12", "D13"),
    examples=(
        {"output": (5,), "target": (5,), "output_is": "positive", "target_is": "positive"},
        {"output": (1,), "target": (), "output_is": "positive", "target_is": "positive"},
    ),
)
