"""Stochastic gradient descent, with momentum and Nesterov's form.

At a constant learning rate the three frameworks agree. Keras keeps the learning rate inside the momentum buffer
(keras/src/optimizers/sgd.py, 3.15), PyTorch and Optax outside (torch/optim/sgd.py, 2.13; optax/_src/transform.py,
trace, 0.2.8): they part when the rate changes. The default rate is 0.01 in Keras, 0.001 in PyTorch. On
the TensorFlow backend Keras casts the momentum through float32, even in float64.

`optax.ema` keeps an average, v = momentum · v + (1 - momentum) · g (optax/transforms/_accumulation.py, 0.2.8), and by
default divides it by 1 - momentum^t; steps of that form are shorter by the factor 1 - momentum in the end (row E26).
PyTorch's dampening is the same but for the first step, which it takes in full (row E10).
"""

from __future__ import annotations

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import (
    CLIPPING,
    DECAY,
    LEARNING_RATE,
    PRECISION,
    OptimizerKind,
    OptimizerState,
    OptimizerTrait,
    rate_place,
)
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Rate
from paragone.spelling.spelled import Helper, Note


class Sgd(OptimizerOptions):
    """Options of gradient descent."""

    momentum: Rate = 0.0
    nesterov: bool = False


_MOMENTUM = Helper(
    "MomentumSGD",
    '''
class MomentumSGD(keras.optimizers.SGD):
    """v = momentum · v + g; w -= rate · v, or rate · (g + momentum · v) in Nesterov's form."""

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        velocity = self.momentums[self._get_variable_index(variable)]
        self.assign(velocity, self.momentum * velocity + gradient)
        step = gradient + self.momentum * velocity if self.nesterov else velocity
        self.assign_sub(variable, rate * step)
''',
    Note("E7", "Keras keeps the rate inside the velocity, and its momentum in float32 (E3)"),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    o: Sgd = site.options
    own = site.matched and o.momentum > 0
    made = construct(
        "MomentumSGD" if own else "keras.optimizers.SGD",
        learning_rate=site.rate(0.01),
        momentum=site.given("momentum", 0.0),
        nesterov=site.given("nesterov", False),
    )
    return OptimizerSpelled(made, helpers=(_MOMENTUM,) if own else ())


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "torch.optim.SGD",
        Code("model.parameters()"),
        lr=site.rate(1e-3),
        momentum=site.given("momentum", 0.0),
        nesterov=site.given("nesterov", False) if site.options.momentum else DEFAULT,  # PyTorch refuses it alone
    )
    return OptimizerSpelled(made)


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    momentum = site.given("momentum", 0.0)
    made = construct("optax.sgd", site.rate(None), momentum=momentum, nesterov=site.given("nesterov", False))
    return OptimizerSpelled(made)


def _update(xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    momentum = in_precision(o.get("momentum", 0.0), o.get("momentum_precision"))
    if not momentum:
        return w - at.rate * g, {}
    inside = o.get("rate_place") == "inside"
    given = at.rate * g if inside else g
    damped = xp.where(at.step > 1, given * (1.0 - o.get("dampening", 0.0)), given) if o.get("dampening") else given
    if o.get("momentum_form"):
        damped = (1.0 - momentum) * given
    v = momentum * at.state["momentum"] + damped
    if o.get("momentum_correction"):
        return w - (v if inside else at.rate * v) / (1.0 - momentum**at.step), {"momentum": v}
    moved = given + momentum * v if o.get("nesterov") else v
    return w - (moved if inside else at.rate * moved), {"momentum": v}


RULE = Rule(lambda o: {"momentum": 0.0} if o.get("momentum") else {}, _update)

OPTIMIZER = OptimizerKind(
    "sgd",
    {"tensorflow": ("SGD",), "torch": ("SGD",), "jax": ("trace", "ema", "scale", "scale_by_schedule")},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "momentum",
            "sgd-momentum",
            None,
            {"tensorflow": "momentum", "torch": "momentum", "jax": "trace.decay|ema.decay"},
            absent=0.0,
        ),
        OptimizerTrait(
            "momentum_form",
            "momentum-average",
            "E26",
            {"jax": "made.ema"},
            absent=False,
            matters_if="momentum",
        ),
        OptimizerTrait(
            "momentum_correction",
            "momentum-average-correction",
            "E26",
            {"jax": "ema.debias"},
            absent=False,
            matters_if="momentum_form",
        ),
        OptimizerTrait(
            "nesterov",
            "sgd-nesterov",
            "E8",
            {"tensorflow": "nesterov", "torch": "nesterov", "jax": "trace.nesterov"},
            absent=False,
        ),
        OptimizerTrait(
            "momentum_precision",
            "sgd-float32-momentum",
            "E3",
            {"tensorflow": f"{PRECISION}momentum"},
            absent="float32",
            fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
            only_float64=True,
            matters_if="momentum",
            from_step=2,
        ),
        OptimizerTrait("dampening", "sgd-dampening", "E10", {"torch": "dampening"}, absent=0.0, matters_if="momentum"),
        rate_place("outside"),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "v = momentum · v + g; w -= rate · v, or rate · (g + momentum · v) in Nesterov's form",
        Sgd,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E7", "E8", "E9"),
        examples=({"nesterov": True}, {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}),
    ),
    RULE,
    (
        OptimizerState(
            "velocity",
            {"tensorflow": "momentums", "torch": "momentum_buffer", "jax": "TraceState.trace"},
            rate_inside=("tensorflow",),
        ),
    ),
)
