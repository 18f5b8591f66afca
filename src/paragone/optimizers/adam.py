"""Adam and AdamW: m and v are running means of the gradient and of its square.

With t counted from 1 and the corrections c1 = 1 - beta_1^t, c2 = 1 - beta_2^t, PyTorch (torch/optim/adam.py, 2.13) and
Optax (optax/_src/transform.py, scale_by_adam, 0.2.8) compute

    w -= lr * (m / c1) / (sqrt(v / c2) + epsilon)            epsilon after the bias correction

while Keras (keras/src/optimizers/adam.py, 3.15) computes the form of section 2 of the paper ("epsilon hat"),

    w -= lr * sqrt(c2) / c1 * m / (sqrt(v) + epsilon)        epsilon before the bias correction

so the same epsilon weighs 1 / sqrt(c2) as much: 32 times in the first step. The default is 1e-7 in Keras and 1e-8 in
the others. On the TensorFlow backend Keras casts the betas through float32 (`ops.cast(0.9, "float64")`), so c1 and c2
are those of float32(beta) even in float64. Weight decay is decoupled in Keras' and Optax' forms and in AdamW, coupled
(added to the gradient) in PyTorch's Adam. AMSGrad's largest v is taken before the bias correction in
Keras and PyTorch, after it in Optax (row E6). In a task Adam has PyTorch's form and no decay; AdamW is another word.
"""

from __future__ import annotations

from typing import Any

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import (
    CLIPPING,
    DECAY,
    LEARNING_RATE,
    OptimizerKind,
    OptimizerState,
    OptimizerTrait,
    beta_precision,
)
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision, larger
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Positive, Rate
from paragone.spelling.spelled import Helper, Note


class Adam(OptimizerOptions):
    """Options of Adam."""

    beta_1: Rate = 0.9
    beta_2: Rate = 0.999
    epsilon: Positive = 1e-8
    amsgrad: bool = False


EXACT = Helper(
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
EXACT_AMSGRAD = Helper(
    "ExactAMSGrad",
    '''
class ExactAMSGrad(keras.optimizers.Adam):
    """AMSGrad with epsilon after the bias correction, and betas in the variable's precision."""

    def update_step(self, gradient, variable, learning_rate):
        rate = ops.cast(learning_rate, variable.dtype)
        step = ops.cast(self.iterations + 1, variable.dtype)
        index = self._get_variable_index(variable)
        m, v, largest = self._momentums[index], self._velocities[index], self._velocity_hats[index]
        self.assign_add(m, (gradient - m) * (1 - self.beta_1))
        self.assign_add(v, (ops.square(gradient) - v) * (1 - self.beta_2))
        self.assign(largest, ops.maximum(largest, v))
        m_hat = m / (1 - self.beta_1**step)
        v_hat = largest / (1 - self.beta_2**step)
        self.assign_sub(variable, rate * m_hat / (ops.sqrt(v_hat) + self.epsilon))
''',
    Note("E1", "Keras adds epsilon before the bias correction, and rounds the betas to float32 (E3)"),
)
AMSGRAD = Helper(
    "scale_by_amsgrad",
    '''
def scale_by_amsgrad(b1: float = 0.9, b2: float = 0.999, eps: float = 1e-8) -> optax.GradientTransformation:
    """AMSGrad that keeps the largest second moment before its bias correction."""

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, params)
        return jnp.zeros([], jnp.int32), zeros, zeros, zeros

    def update(grads, state, params=None):
        count, m, v, largest = state
        count += 1
        m = jax.tree.map(lambda m, g: b1 * m + (1 - b1) * g, m, grads)
        v = jax.tree.map(lambda v, g: b2 * v + (1 - b2) * g**2, v, grads)
        largest = jax.tree.map(jnp.maximum, largest, v)
        steps = jax.tree.map(
            lambda m, v: m / (1 - b1**count) / (jnp.sqrt(v / (1 - b2**count)) + eps), m, largest
        )
        return steps, (count, m, v, largest)

    return optax.GradientTransformation(init, update)
''',
    Note("E6", "Optax keeps the largest second moment after its bias correction"),
)


def keras_moments(site: OptimizerSite, native: str, **more: Any) -> OptimizerSpelled:
    """Adam or AdamW in Keras: `more` are the arguments of weight decay."""
    amsgrad = site.options.amsgrad
    helper = EXACT_AMSGRAD if amsgrad else EXACT
    made = construct(
        helper.name if site.matched else native,
        learning_rate=site.rate(1e-3),
        **more,
        beta_1=site.given("beta_1", 0.9),
        beta_2=site.given("beta_2", 0.999),
        epsilon=site.given("epsilon", 1e-7),
        amsgrad=True if amsgrad else DEFAULT,
    )
    return OptimizerSpelled(made, helpers=(helper,) if site.matched else ())


def torch_moments(site: OptimizerSite, native: str, **more: Any) -> OptimizerSpelled:
    """Adam or AdamW in PyTorch: `more` are the arguments of weight decay."""
    o: Adam = site.options
    betas = {} if (o.beta_1, o.beta_2) == (0.9, 0.999) else {"betas": (o.beta_1, o.beta_2)}
    made = construct(
        native,
        Code("model.parameters()"),
        lr=site.rate(1e-3),
        **betas,
        eps=site.given("epsilon", 1e-8),
        **more,
        amsgrad=True if o.amsgrad else DEFAULT,
    )
    return OptimizerSpelled(made)


def optax_moments(site: OptimizerSite) -> dict[str, Any]:
    """The arguments of Adam in Optax, beside the rate."""
    given = {"b1": site.given("beta_1", 0.9), "b2": site.given("beta_2", 0.999), "eps": site.given("epsilon", 1e-8)}
    return {name: value for name, value in given.items() if value is not DEFAULT}


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    if site.options.amsgrad and site.matched:
        steps = construct("scale_by_amsgrad", **optax_moments(site)).code()
        rate = construct("optax.scale_by_learning_rate", site.rate(None)).code()
        return OptimizerSpelled(construct("optax.chain", steps, rate), helpers=(AMSGRAD,))
    native = "optax.amsgrad" if site.options.amsgrad else "optax.adam"
    return OptimizerSpelled(construct(native, site.rate(None), **optax_moments(site)))


BEFORE = "before the bias correction"
AFTER = "after the bias correction"


def _update(xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    b1, b2 = o["beta_1"], o["beta_2"]
    c1, c2 = (1.0 - in_precision(b, o.get("beta_precision")) ** at.step for b in (b1, b2))
    m = b1 * at.state["m"] + (1.0 - b1) * g
    v = b2 * at.state["v"] + (1.0 - b2) * g * g
    kept, root = {"m": m, "v": v}, v + o.get("epsilon_root", 0.0) * c2
    if o.get("amsgrad"):
        corrected = o.get("amsgrad_of") == "corrected"
        kept["largest"] = larger(xp, at.state["largest"], v / c2 if corrected else v)
        root = kept["largest"] * c2 if corrected else kept["largest"]
    epsilon = o["epsilon"] if o.get("epsilon_place") == BEFORE else o["epsilon"] * c2**0.5
    return w - at.rate * c2**0.5 / c1 * m / (root**0.5 + epsilon), kept


RULE = Rule(lambda o: {"m": 0.0, "v": 0.0, **({"largest": 0.0} if o.get("amsgrad") else {})}, _update)

OPTIMIZER = OptimizerKind(
    "adam",
    {
        "tensorflow": ("Adam", "AdamW"),
        "torch": ("Adam", "AdamW"),
        "jax": ("scale_by_adam", "scale_by_amsgrad"),
    },
    (
        LEARNING_RATE,
        OptimizerTrait(
            "beta_1",
            "adam-betas",
            None,
            {"tensorflow": "beta_1", "torch": "betas.0", "jax": "scale_by_adam.b1|scale_by_amsgrad.b1"},
        ),
        OptimizerTrait(
            "beta_2",
            "adam-betas",
            None,
            {"tensorflow": "beta_2", "torch": "betas.1", "jax": "scale_by_adam.b2|scale_by_amsgrad.b2"},
        ),
        OptimizerTrait(
            "epsilon",
            "adam-epsilon-default",
            "E2",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_adam.eps|scale_by_amsgrad.eps"},
        ),
        OptimizerTrait(
            "epsilon_place",
            "adam-epsilon-place",
            "E1",
            fixed={"tensorflow": BEFORE, "torch": AFTER, "jax": AFTER},
        ),
        beta_precision(),
        OptimizerTrait(
            "epsilon_root",
            "adam-epsilon-root",
            None,
            {"jax": "scale_by_adam.eps_root|scale_by_amsgrad.eps_root"},
            absent=0.0,
        ),
        OptimizerTrait(
            "amsgrad",
            "adam-amsgrad",
            "E6",
            {"tensorflow": "amsgrad", "torch": "amsgrad", "jax": "made.scale_by_amsgrad"},
            absent=False,
        ),
        OptimizerTrait(
            "amsgrad_of",
            "adam-amsgrad-correction",
            "E6",
            fixed={"tensorflow": "raw", "torch": "raw", "jax": "corrected"},
            matters_if="amsgrad",
        ),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "m and v run after g and g²; w -= rate · m̂ / (√v̂ + epsilon), both corrected for their start at 0",
        Adam,
        {
            "tensorflow": lambda site: keras_moments(site, "keras.optimizers.Adam"),
            "torch": lambda site: torch_moments(site, "torch.optim.Adam"),
            "jax": _jax,
        },
        rows=("E1", "E2", "E3", "E6", "E22"),
        examples=({}, {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "epsilon": 1e-3}, {"amsgrad": True}),
    ),
    RULE,
    (
        OptimizerState("first_moment", {"tensorflow": "_momentums", "torch": "exp_avg", "jax": "ScaleByAdam.mu"}),
        OptimizerState("second_moment", {"tensorflow": "_velocities", "torch": "exp_avg_sq", "jax": "ScaleByAdam.nu"}),
    ),
)
