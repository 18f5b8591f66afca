"""Adadelta: steps in the units of the weights, from running means of squared gradients and squared steps.

The three agree in everything but their defaults (row E13): the rate is 0.001 in Keras (3.15,
keras/src/optimizers/adadelta.py) and 1 in PyTorch (torch/optim/adadelta.py, 2.13), as in the paper; rho is 0.95, 0.9,
0.9, epsilon 1e-7, 1e-6, 1e-6 in Keras, PyTorch and Optax (optax/_src/alias.py, 0.2.8).
"""

from __future__ import annotations

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import CLIPPING, DECAY, LEARNING_RATE, OptimizerKind, OptimizerTrait
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.optimizers.rule import At, Options, Rule, Updated
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Positive, Rate


class Adadelta(OptimizerOptions):
    """Options of Adadelta."""

    learning_rate: Positive = 1.0
    rho: Rate = 0.9
    epsilon: Positive = 1e-6


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    rho, epsilon = site.given("rho", 0.95), site.given("epsilon", 1e-7)
    return OptimizerSpelled(
        construct("keras.optimizers.Adadelta", learning_rate=site.rate(1e-3), rho=rho, epsilon=epsilon)
    )


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    rho, epsilon = site.given("rho", 0.9), site.given("epsilon", 1e-6)
    parameters = Code("model.parameters()")
    return OptimizerSpelled(construct("torch.optim.Adadelta", parameters, lr=site.rate(1.0), rho=rho, eps=epsilon))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    rho, epsilon = site.given("rho", 0.9), site.given("epsilon", 1e-6)
    return OptimizerSpelled(construct("optax.adadelta", site.rate(None), rho=rho, eps=epsilon))


def _update(_xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    rho, epsilon = o["rho"], o["epsilon"]
    v = rho * at.state["v"] + (1.0 - rho) * g * g
    delta = (at.state["d"] + epsilon) ** 0.5 / (v + epsilon) ** 0.5 * g
    d = rho * at.state["d"] + (1.0 - rho) * delta * delta
    return w - at.rate * delta, {"v": v, "d": d}


RULE = Rule(lambda _: {"v": 0.0, "d": 0.0}, _update)

OPTIMIZER = OptimizerKind(
    "adadelta",
    {"tensorflow": ("Adadelta",), "torch": ("Adadelta",), "jax": ("scale_by_adadelta",)},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "rho", "adadelta-rho", "E13", {"tensorflow": "rho", "torch": "rho", "jax": "scale_by_adadelta.rho"}
        ),
        OptimizerTrait(
            "epsilon",
            "adadelta-epsilon",
            "E13",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_adadelta.eps"},
        ),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "v runs after g², d after the squared steps Δ = √(d + epsilon) / √(v + epsilon) · g; w -= rate · Δ",
        Adadelta,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E13",),
        examples=({}, {"learning_rate": 0.5, "rho": 0.8, "epsilon": 1e-3}),
    ),
    RULE,
)
