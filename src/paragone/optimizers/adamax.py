"""Adamax: Adam with the largest gradient seen lately, u, in place of the root of the mean square.

PyTorch (torch/optim/adamax.py, 2.13) and Optax (optax/_src/transform.py, scale_by_adamax, 0.2.8) add epsilon to |g|
before it is compared with beta_2 · u; Keras adds it to u in the denominator (keras/src/optimizers/adamax.py, 3.15; row
E15) and rounds beta_1 to float32 on TensorFlow. Defaults: epsilon 1e-7 / 1e-8 / 1e-8, rate 0.001 / 0.002 / none.
"""

from __future__ import annotations

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import (
    CLIPPING,
    DECAY,
    LEARNING_RATE,
    OptimizerKind,
    OptimizerTrait,
    beta_precision,
)
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision, larger
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Positive, Rate
from paragone.spelling.spelled import Helper, Note


class Adamax(OptimizerOptions):
    """Options of Adamax."""

    beta_1: Rate = 0.9
    beta_2: Rate = 0.999
    epsilon: Positive = 1e-8


_EXACT = Helper(
    "ExactAdamax",
    '''
class ExactAdamax(keras.optimizers.Adamax):
    """Adamax with epsilon beside the gradient, and beta_1 in the variable's precision."""

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        m, u = self._m[index], self._u[index]
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign(u, ops.maximum(self.beta_2 * u, ops.abs(gradient) + self.epsilon))
        self.assign_sub(variable, rate * m / ((1 - self.beta_1**step) * u))
''',
    Note("E15", "Keras adds epsilon to the largest gradient, and rounds beta_1 to float32 (E3)"),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "ExactAdamax" if site.matched else "keras.optimizers.Adamax",
        learning_rate=site.rate(1e-3),
        beta_1=site.given("beta_1", 0.9),
        beta_2=site.given("beta_2", 0.999),
        epsilon=site.given("epsilon", 1e-7),
    )
    return OptimizerSpelled(made, helpers=(_EXACT,) if site.matched else ())


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Adamax = site.options
    betas = {} if (o.beta_1, o.beta_2) == (0.9, 0.999) else {"betas": (o.beta_1, o.beta_2)}
    parameters, epsilon = Code("model.parameters()"), site.given("epsilon", 1e-8)
    return OptimizerSpelled(construct("torch.optim.Adamax", parameters, lr=site.rate(2e-3), **betas, eps=epsilon))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "optax.adamax",
        site.rate(None),
        b1=site.given("beta_1", 0.9),
        b2=site.given("beta_2", 0.999),
        eps=site.given("epsilon", 1e-8),
    )
    return OptimizerSpelled(made)


def _update(xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    b1, b2, epsilon = o["beta_1"], o["beta_2"], o["epsilon"]
    m = b1 * at.state["m"] + (1.0 - b1) * g
    inside = o.get("epsilon_inside_maximum")
    u = larger(xp, b2 * at.state["u"], xp.abs(g) + (epsilon if inside else 0.0))
    c1 = 1.0 - in_precision(b1, o.get("beta_precision")) ** at.step
    return w - at.rate / c1 * m / (u if inside else u + epsilon), {"m": m, "u": u}


RULE = Rule(lambda _: {"m": 0.0, "u": 0.0}, _update)

OPTIMIZER = OptimizerKind(
    "adamax",
    {"tensorflow": ("Adamax",), "torch": ("Adamax",), "jax": ("scale_by_adamax",)},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "beta_1", "adam-betas", None, {"tensorflow": "beta_1", "torch": "betas.0", "jax": "scale_by_adamax.b1"}
        ),
        OptimizerTrait(
            "beta_2", "adam-betas", None, {"tensorflow": "beta_2", "torch": "betas.1", "jax": "scale_by_adamax.b2"}
        ),
        OptimizerTrait(
            "epsilon",
            "adamax-epsilon-default",
            "E15",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_adamax.eps"},
        ),
        OptimizerTrait(
            "epsilon_inside_maximum",
            "adamax-epsilon-place",
            "E15",
            fixed={"tensorflow": False, "torch": True, "jax": True},
        ),
        beta_precision(),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "m runs after g, u = max(beta_2 · u, |g| + epsilon); w -= rate · m̂ / u, m corrected for its start at 0",
        Adamax,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E15"),
        examples=({}, {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ),
    RULE,
)
