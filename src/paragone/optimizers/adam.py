"""Adam and AdamW: m and v are running means of the gradient and of its square.

With t counted from 1 and the corrections c1 = 1 - beta_1^t, c2 = 1 - beta_2^t, PyTorch (torch/optim/adam.py, 2.13) and
Optax (optax/_src/transform.py, scale_by_adam, 0.2.8) compute

    w -= lr * (m / c1) / (sqrt(v / c2) + epsilon)            epsilon after the bias correction

while Keras (keras/src/optimizers/adam.py, 3.15) computes the form of section 2 of the paper ("epsilon hat"),

    w -= lr * sqrt(c2) / c1 * m / (sqrt(v) + epsilon)        epsilon before the bias correction

so the same epsilon weighs 1 / sqrt(c2) as much: 32 times in the first step. The default is 1e-7 in Keras and 1e-8 in
the others. On the TensorFlow backend Keras casts the betas through float32 (`ops.cast(0.9, "float64")`), so c1 and c2
are those of float32(beta) even in float64. Weight decay is decoupled in Keras' and Optax' forms and in AdamW, coupled
(added to the gradient) in PyTorch's Adam.
"""

from __future__ import annotations

from paragone.optimizers.base import LEARNING_RATE, WEIGHT_DECAY, OptimizerKind, OptimizerTrait
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.spelling.code import Code, construct
from paragone.spelling.entry import Positive, Rate
from paragone.spelling.spelled import Helper, Note


class Adam(OptimizerOptions):
    """Options of Adam."""

    beta_1: Rate = 0.9
    beta_2: Rate = 0.999
    epsilon: Positive = 1e-8


_EXACT = Helper(
    "ExactAdam",
    '''
class ExactAdam(keras.optimizers.Adam):
    """Adam with epsilon after the bias correction, and betas in the variable's precision."""

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        m, v = self._momentums[index], self._velocities[index]
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
        m_hat = m / (1 - self.beta_1**step)
        v_hat = v / (1 - self.beta_2**step)
        self.assign_sub(variable, rate * m_hat / (ops.sqrt(v_hat) + self.epsilon))
''',
    Note("E1", "Keras adds epsilon before the bias correction, and rounds the betas to float32 (E3)"),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "ExactAdam" if site.matched else "keras.optimizers.Adam",
        learning_rate=site.rate(1e-3),
        beta_1=site.given("beta_1", 0.9),
        beta_2=site.given("beta_2", 0.999),
        epsilon=site.given("epsilon", 1e-7),
    )
    return OptimizerSpelled(made, helpers=(_EXACT,) if site.matched else ())


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Adam = site.options
    betas = {} if (o.beta_1, o.beta_2) == (0.9, 0.999) else {"betas": (o.beta_1, o.beta_2)}
    made = construct(
        "torch.optim.Adam", Code("model.parameters()"), lr=site.rate(1e-3), **betas, eps=site.given("epsilon", 1e-8)
    )
    return OptimizerSpelled(made)


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "optax.adam",
        site.rate(None),
        b1=site.given("beta_1", 0.9),
        b2=site.given("beta_2", 0.999),
        eps=site.given("epsilon", 1e-8),
    )
    return OptimizerSpelled(made)


BEFORE = "before the bias correction"
AFTER = "after the bias correction"

OPTIMIZER = OptimizerKind(
    "adam",
    {"tensorflow": ("Adam", "AdamW"), "torch": ("Adam", "AdamW"), "jax": ("scale_by_adam",)},
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
            "epsilon_place",
            "adam-epsilon-place",
            "E1",
            fixed={"tensorflow": BEFORE, "torch": AFTER, "jax": AFTER},
            settable=("tensorflow", "torch"),
        ),
        OptimizerTrait(
            "beta_precision",
            "adam-float32-betas",
            "E3",
            fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
            settable=("tensorflow",),
            only_float64=True,
        ),
        OptimizerTrait("amsgrad", "adam-amsgrad", "E6", {"tensorflow": "amsgrad", "torch": "amsgrad"}, absent=False),
        WEIGHT_DECAY,
        OptimizerTrait(
            "decay_form",
            "weight-decay-form",
            "E4",
            {"torch": "decoupled_weight_decay"},
            fixed={"tensorflow": True, "jax": True},
            matters_if="weight_decay",
        ),
    ),
    OptimizerEntry(
        "m and v run after g and g²; w -= rate · m̂ / (√v̂ + epsilon), both corrected for their start at 0",
        Adam,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E1", "E2", "E3"),
        examples=({}, {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}),
    ),
)
