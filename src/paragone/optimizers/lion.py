"""Lion: steps of one size, in the direction of the sign of a momentum; with decoupled weight decay.

Keras (keras/src/optimizers/lion.py, 3.15) rounds its betas and its decay to float32 on TensorFlow unless they are NumPy
numbers, and has no decay by default; Optax decays by 0.001 (optax/_src/alias.py, lion, 0.2.8; row E16), here 0. PyTorch
2.13 has none. Where a true update is zero, rounding alone decides the sign of a step.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import (
    CLIPPING,
    DECAY,
    LEARNING_RATE,
    OptimizerKind,
    OptimizerTrait,
    beta_precision,
)
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled, Strength
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision
from paragone.spelling.code import DEFAULT, Code, construct, number
from paragone.spelling.entry import Rate
from paragone.spelling.spelled import Helper, Note


class Lion(OptimizerOptions):
    """Options of Lion; without `beta_1` it is no Lion, and Keras refuses it."""

    beta_1: Annotated[float, Field(gt=0, lt=1)] = 0.9
    beta_2: Rate = 0.99
    weight_decay: Strength = 0.0


_TORCH = Helper(
    "Lion",
    '''
class Lion(torch.optim.Optimizer):
    """Steps of one size in the direction of the sign of a momentum."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.99),
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, p.grad, self.state[p], group)

    def update(
        self, p: nn.Parameter, grad: torch.Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        if not state:
            state["momentum"] = torch.zeros_like(p)
        momentum, (beta_1, beta_2) = state["momentum"], group["betas"]
        direction = (beta_1 * momentum + (1 - beta_1) * grad).sign()
        p.mul_(1 - group["lr"] * group["weight_decay"]).sub_(group["lr"] * direction)
        momentum.lerp_(grad, 1 - beta_2)
''',
    Note("E16", "PyTorch has no Lion"),
    ("from typing import Any",),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    o: Lion = site.options
    given = {
        "beta_1": site.given("beta_1", 0.9),
        "beta_2": site.given("beta_2", 0.99),
        "weight_decay": o.weight_decay or DEFAULT,
    }
    if not site.matched:
        return OptimizerSpelled(construct("keras.optimizers.Lion", learning_rate=site.rate(1e-3), **given))
    exact = {name: Code(f"np.float64({number(getattr(o, name))})") for name in ("beta_1", "beta_2")}
    if o.weight_decay:
        exact["weight_decay"] = Code(f"np.float64({number(o.weight_decay)})")
    made = construct("keras.optimizers.Lion", learning_rate=site.rate(1e-3), **exact)
    return OptimizerSpelled(made, notes=(Note("E3", "Keras would round Python's numbers to float32"),))


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Lion = site.options
    betas = {} if (o.beta_1, o.beta_2) == (0.9, 0.99) else {"betas": (o.beta_1, o.beta_2)}
    parameters, decay = Code("model.parameters()"), site.given("weight_decay", 0.0)
    made = construct("Lion", parameters, lr=site.rate(1e-3), **betas, weight_decay=decay)
    return OptimizerSpelled(made, helpers=(_TORCH,))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "optax.lion",
        site.rate(None),
        b1=site.given("beta_1", 0.9),
        b2=site.given("beta_2", 0.99),
        weight_decay=site.given("weight_decay", 1e-3),
    )
    return OptimizerSpelled(made)


def _update(xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    b1, b2 = (in_precision(b, o.get("beta_precision")) for b in (o["beta_1"], o["beta_2"]))
    head = b1 * at.state["m"] + (1.0 - b1) * g
    sign = xp.where(head > 0, head * 0 + 1, xp.where(head < 0, head * 0 - 1, head * 0))
    return w - at.rate * sign, {"m": b2 * at.state["m"] + (1.0 - b2) * g}


RULE = Rule(lambda _: {"m": 0.0}, _update)

OPTIMIZER = OptimizerKind(
    "lion",
    {"tensorflow": ("Lion",), "jax": ("scale_by_lion",)},
    (
        LEARNING_RATE,
        OptimizerTrait("beta_1", "lion-betas", "E16", {"tensorflow": "beta_1", "jax": "scale_by_lion.b1"}),
        OptimizerTrait("beta_2", "lion-betas", "E16", {"tensorflow": "beta_2", "jax": "scale_by_lion.b2"}),
        beta_precision(),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "w -= rate · (sign(beta_1 · m + (1 - beta_1) · g) + weight_decay · w); m runs after g with beta_2",
        Lion,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E4", "E16"),
        examples=({}, {"learning_rate": 0.01, "beta_1": 0.8, "beta_2": 0.95, "weight_decay": 0.1}),
    ),
    RULE,
)
