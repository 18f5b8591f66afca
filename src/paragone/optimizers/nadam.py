"""NAdam: Adam with Nesterov's momentum, whose weight mu grows with the step t (from 1) as in the paper.

    mu(t) = beta_1 · (1 - 0.5 · 0.96^(t · momentum_decay))

`momentum_decay` is 0.004 in PyTorch (torch/optim/nadam.py, 2.13) and in the paper. It cannot be chosen in Keras, where
it is 1 (keras/src/optimizers/nadam.py, 3.15; row E14), and where betas and 0.96 are rounded to float32 on TensorFlow.
optax.nadam has no schedule of mu (optax/_src/transform.py, scale_by_adam, 0.2.8).
"""

from __future__ import annotations

from dataclasses import replace

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
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Positive, Rate
from paragone.spelling.spelled import Helper, Note


class Nadam(OptimizerOptions):
    """Options of NAdam."""

    beta_1: Rate = 0.9
    beta_2: Rate = 0.999
    epsilon: Positive = 1e-8
    momentum_decay: Positive = 0.004


_KERAS = Helper(
    "ScheduledNadam",
    '''
class ScheduledNadam(keras.optimizers.Optimizer):
    """NAdam with a momentum that grows as slowly as in the paper, in the variable's precision."""

    def __init__(
        self, learning_rate=0.001, beta_1=0.9, beta_2=0.999, epsilon=1e-8, momentum_decay=0.004, **options
    ):
        super().__init__(learning_rate, **options)
        self.beta_1, self.beta_2, self.epsilon = beta_1, beta_2, epsilon
        self.momentum_decay = momentum_decay

    def build(self, variables):
        super().build(variables)
        self.m, self.v = self.add_optimizer_variables(variables, ["momentum", "velocity"])
        self.products = [self.add_variable((), "ones", v.dtype, name="product") for v in variables]

    def mu(self, step):
        return self.beta_1 * (1 - 0.5 * 0.96 ** (step * self.momentum_decay))

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        m, v, product = self.m[index], self.v[index], self.products[index]
        mu, following = self.mu(step), self.mu(step + 1)
        self.assign(product, product * mu)
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
        m_hat = following * m / (1 - product * following) + (1 - mu) * gradient / (1 - product)
        v_hat = v / (1 - self.beta_2**step)
        self.assign_sub(variable, rate * m_hat / (ops.sqrt(v_hat) + self.epsilon))
''',
    Note("E14", "the momentum of Keras' own grows 250 times as fast, and is rounded to float32 (E3)"),
)
_JAX = Helper(
    "scale_by_nadam",
    '''
def scale_by_nadam(
    b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8, momentum_decay: float = 0.004
) -> optax.GradientTransformation:
    """NAdam with a momentum that grows with the steps."""

    def mu(count):
        return b1 * (1 - 0.5 * 0.96 ** (count * momentum_decay))

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return jnp.zeros([], jnp.int32), jnp.ones([]), zeros, zeros

    def update(grads, state, params=None):
        count, product, m, v = state
        count += 1
        product *= mu(count)
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, v, grads)
        old = mu(count + 1) / (1 - product * mu(count + 1))
        new = (1 - mu(count)) / (1 - product)
        steps = jax.tree.map(
            lambda m, g, v: (old * m + new * g) / (jnp.sqrt(v / (1 - b2**count)) + eps), m, grads, v
        )
        return steps, (count, product, m, v)

    return optax.GradientTransformation(init, update)
''',
    Note("E14", "the momentum of Optax' own does not grow"),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    given = {
        "learning_rate": site.rate(1e-3),
        "beta_1": site.given("beta_1", 0.9),
        "beta_2": site.given("beta_2", 0.999),
    }
    if not site.matched and "momentum_decay" not in site.options.model_fields_set:
        return OptimizerSpelled(construct("keras.optimizers.Nadam", **given, epsilon=site.given("epsilon", 1e-7)))
    given["epsilon"] = site.given("epsilon", 1e-8)
    made = construct("ScheduledNadam", **given, momentum_decay=site.given("momentum_decay", 0.004))
    return OptimizerSpelled(made, helpers=(_KERAS,))


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Nadam = site.options
    betas = {} if (o.beta_1, o.beta_2) == (0.9, 0.999) else {"betas": (o.beta_1, o.beta_2)}
    made = construct(
        "torch.optim.NAdam",
        Code("model.parameters()"),
        lr=site.rate(2e-3),
        **betas,
        eps=site.given("epsilon", 1e-8),
        momentum_decay=site.given("momentum_decay", 0.004),
    )
    return OptimizerSpelled(made)


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    given = {
        "b1": site.given("beta_1", 0.9),
        "b2": site.given("beta_2", 0.999),
        "eps": site.given("epsilon", 1e-8),
    }
    if not site.matched and "momentum_decay" not in site.options.model_fields_set:
        return OptimizerSpelled(construct("optax.nadam", site.rate(None), **given))
    steps = construct("scale_by_nadam", **given, momentum_decay=site.given("momentum_decay", 0.004)).code()
    rate = construct("optax.scale_by_learning_rate", site.rate(None)).code()
    return OptimizerSpelled(construct("optax.chain", steps, rate), helpers=(_JAX,))


def _update(_xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    b1, b2, base = (in_precision(x, o.get("beta_precision")) for x in (o["beta_1"], o["beta_2"], 0.96))
    m = b1 * at.state["m"] + (1.0 - b1) * g
    v = b2 * at.state["v"] + (1.0 - b2) * g * g
    decay = o.get("momentum_decay", 0.0)
    if decay:
        mu, following = (b1 * (1.0 - 0.5 * base ** (decay * t)) for t in (at.step, at.step + 1))
        product = at.state["product"] * o["beta_1"] * (1.0 - 0.5 * 0.96 ** (decay * at.step))
        head = following * m / (1.0 - product * following) + (1.0 - mu) * g / (1.0 - product)
    else:  # a constant momentum (Optax)
        product = at.state["product"]
        head = b1 * m / (1.0 - b1 ** (at.step + 1)) + (1.0 - b1) * g / (1.0 - b1**at.step)
    root = (v / (1.0 - b2**at.step)) ** 0.5
    return w - at.rate * head / (root + o["epsilon"]), {"m": m, "v": v, "product": product}


RULE = Rule(lambda _: {"m": 0.0, "v": 0.0, "product": 1.0}, _update)

OPTIMIZER = OptimizerKind(
    "nadam",
    {"tensorflow": ("Nadam",), "torch": ("NAdam",), "jax": ("scale_by_nadam",)},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "beta_1", "adam-betas", None, {"tensorflow": "beta_1", "torch": "betas.0", "jax": "scale_by_adam.b1"}
        ),
        OptimizerTrait(
            "beta_2", "adam-betas", None, {"tensorflow": "beta_2", "torch": "betas.1", "jax": "scale_by_adam.b2"}
        ),
        OptimizerTrait(
            "epsilon",
            "adam-epsilon-default",
            "E2",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_adam.eps"},
        ),
        OptimizerTrait(
            "momentum_decay",
            "nadam-momentum-decay",
            "E14",
            {"torch": "momentum_decay"},
            fixed={"tensorflow": 1.0, "jax": 0.0},
        ),
        replace(beta_precision(), places={}),  # the base of its schedule is a Python number in any case
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "m and v as in Adam, P(t) the product of mu up to t; "
        "w -= rate · (mu(t+1) · m / (1 - P(t+1)) + (1 - mu(t)) · g / (1 - P(t))) / (√v̂ + epsilon)",
        Nadam,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E14"),
        examples=({}, {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3, "momentum_decay": 1.0}),
    ),
    RULE,
)
