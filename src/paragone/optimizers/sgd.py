"""Stochastic gradient descent, with momentum and Nesterov's form.

At a constant learning rate the three frameworks agree. Keras keeps the learning rate inside the momentum buffer
(keras/src/optimizers/sgd.py, 3.15), PyTorch and Optax outside (torch/optim/sgd.py, 2.13; optax/_src/transform.py,
trace, 0.2.8): they part when the rate changes. The default rate is 0.01 in Keras, 0.001 in PyTorch. On
the TensorFlow backend Keras casts the momentum through float32, even in float64.
"""

from __future__ import annotations

from paragone.optimizers.base import LEARNING_RATE, WEIGHT_DECAY, OptimizerKind, OptimizerTrait
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.spelling.code import Code, construct
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
        nesterov=site.given("nesterov", False),
    )
    return OptimizerSpelled(made)


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    momentum = site.given("momentum", 0.0)
    made = construct("optax.sgd", site.rate(None), momentum=momentum, nesterov=site.given("nesterov", False))
    return OptimizerSpelled(made)


OPTIMIZER = OptimizerKind(
    "sgd",
    {"tensorflow": ("SGD",), "torch": ("SGD",), "jax": ("trace", "scale")},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "momentum",
            "sgd-momentum",
            None,
            {"tensorflow": "momentum", "torch": "momentum", "jax": "trace.decay"},
            absent=0.0,
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
            fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
            settable=("tensorflow",),
            only_float64=True,
            matters_if="momentum",
        ),
        WEIGHT_DECAY,
        OptimizerTrait(
            "decay_form",
            "weight-decay-form",
            "E4",
            fixed={"tensorflow": True, "torch": False, "jax": True},
            matters_if="weight_decay",
        ),
    ),
    OptimizerEntry(
        "v = momentum · v + g; w -= rate · v, or rate · (g + momentum · v) in Nesterov's form",
        Sgd,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E7", "E8", "E9"),
        examples=({"learning_rate": 0.1}, {"momentum": 0.9}, {"momentum": 0.5, "nesterov": True}),
    ),
)
