"""Kullback-Leibler divergence of the output from the target, both probabilities over the last axis.

Canonical is Keras' form (keras/src/losses/losses.py, 3.15): both are clipped to [1e-7, 1], the sum is over the last
axis, the mean over the rest. PyTorch and Optax take log-probabilities; PyTorch's `mean` divides by all elements and
its `batchmean` by the batch alone (torch/nn/functional.py, kl_div, 2.13; row D8); optax.kl_divergence gives the sums
(optax/losses/_classification.py, 0.2.8).
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import check_vectors, class_axis, values_mean
from paragone.spelling.code import construct
from paragone.spelling.entry import NoOptions
from paragone.spelling.spelled import Note

_NOTE = Note("D8", "probabilities, clipped as Keras does; the sum over the classes, the mean over the rest")


def _torch(site: LossSite) -> LossSpelled:
    if not site.matched and len(site.output.shape) == 1 and site.weight is None:
        return LossSpelled('F.kl_div({output}.log(), {target}, reduction="batchmean")')
    logs, target = "{output}.log()", "{target}"
    if site.matched:
        logs, target = "{output}.clamp(1e-7, 1.0).log()", "{target}.clamp(1e-7, 1.0)"
    values = f'F.kl_div({logs}, {target}, reduction="none").sum({class_axis(site)})'
    return LossSpelled(values_mean(site, values), notes=(_NOTE,))


def _jax(site: LossSite) -> LossSpelled:
    if not site.matched:
        return LossSpelled(values_mean(site, "optax.kl_divergence(jnp.log({output}), {target})"))
    arrays = "jnp.log({output}.clip(1e-7, 1.0)), {target}.clip(1e-7, 1.0)"
    return LossSpelled(values_mean(site, f"optax.kl_divergence({arrays})"), notes=(_NOTE,))


LOSS = LossKind(
    "kl_divergence",
    "mean(Σ target · log(target / output)), both clipped to [1e-7, 1], the sum over the last axis",
    NoOptions,
    check_vectors,
    {
        "tensorflow": lambda _: LossSpelled("", construct("keras.losses.KLDivergence")),
        "torch": _torch,
        "jax": _jax,
    },
    rows=("D8",),
    examples=(
        {"output": (5,), "target": (5,), "output_is": "probabilities", "target_is": "probabilities"},
        {"output": (4, 3), "target": (4, 3), "output_is": "probabilities", "target_is": "probabilities"},
    ),
)
