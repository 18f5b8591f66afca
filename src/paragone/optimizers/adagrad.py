"""Adagrad: the gradient over the root of the sum of all squared gradients so far.

Keras (keras/src/optimizers/adagrad.py, 3.15) and Optax (optax/_src/transform.py, scale_by_rss, 0.2.8) start the sum at
0.1 and put an epsilon of 1e-7 inside the root; PyTorch starts at 0 and puts 1e-10 outside (row E12;
torch/optim/adagrad.py, 2.13).
"""

from __future__ import annotations

from collections.abc import Mapping

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import CLIPPING, DECAY, LEARNING_RATE, OptimizerKind, OptimizerTrait
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled, Strength
from paragone.optimizers.rule import At, Options, Rule, Updated, in_precision
from paragone.spelling.code import Code, construct, number
from paragone.spelling.entry import Positive
from paragone.spelling.spelled import Helper, Note


class Adagrad(OptimizerOptions):
    """Options of Adagrad."""

    initial_accumulator_value: Strength = 0.1
    epsilon: Positive = 1e-7


_TORCH = Helper(
    "InnerAdagrad",
    '''
class InnerAdagrad(torch.optim.Optimizer):
    """Adagrad with epsilon inside the root."""

    def __init__(self, params: Any, lr: float = 0.001, initial: float = 0.1, eps: float = 1e-7) -> None:
        super().__init__(params, {"lr": lr, "initial": initial, "eps": eps})

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
            state["sum"] = torch.full_like(p, group["initial"])
        state["sum"].add_(grad.square())
        p.addcdiv_(grad, (state["sum"] + group["eps"]).sqrt(), value=-group["lr"])
''',
    Note("E12", "PyTorch adds epsilon outside of the root"),
    ("from typing import Any",),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    initial, epsilon = site.given("initial_accumulator_value", 0.1), site.given("epsilon", 1e-7)
    if site.matched:
        initial = Code(f"np.float64({number(site.options.initial_accumulator_value)})")
    rate = site.rate(1e-3)
    made = construct("keras.optimizers.Adagrad", learning_rate=rate, initial_accumulator_value=initial, epsilon=epsilon)
    return OptimizerSpelled(made, notes=(Note("E3", "Keras would round a Python number to float32"),))


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    parameters = Code("model.parameters()")
    if site.matched:
        given = {"initial": site.given("initial_accumulator_value", 0.1), "eps": site.given("epsilon", 1e-7)}
        made = construct("InnerAdagrad", parameters, lr=site.rate(1e-3), **given)
        return OptimizerSpelled(made, helpers=(_TORCH,))
    start, epsilon = site.given("initial_accumulator_value", 0.0), site.given("epsilon", 1e-10)
    rate = site.rate(1e-2)
    return OptimizerSpelled(
        construct("torch.optim.Adagrad", parameters, lr=rate, initial_accumulator_value=start, eps=epsilon)
    )


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    initial, epsilon = site.given("initial_accumulator_value", 0.1), site.given("epsilon", 1e-7)
    made = construct("optax.adagrad", site.rate(None), initial_accumulator_value=initial, eps=epsilon)
    return OptimizerSpelled(made)


def _update(_xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    total = at.state["total"] + g * g
    epsilon = o["epsilon"]
    divisor = (total + epsilon) ** 0.5 if o.get("epsilon_inside_root") else total**0.5 + epsilon
    return w - at.rate * g / divisor, {"total": total}


def _slots(o: Options) -> Mapping[str, float]:
    return {"total": in_precision(o["initial_accumulator_value"], o.get("start_precision"))}


RULE = Rule(_slots, _update)

OPTIMIZER = OptimizerKind(
    "adagrad",
    {"tensorflow": ("Adagrad",), "torch": ("Adagrad",), "jax": ("scale_by_rss",)},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "initial_accumulator_value",
            "adagrad-start",
            "E12",
            {
                "tensorflow": "initial_accumulator_value",
                "torch": "initial_accumulator_value",
                "jax": "scale_by_rss.initial_accumulator_value",
            },
        ),
        OptimizerTrait(
            "epsilon",
            "adagrad-epsilon-default",
            "E12",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_rss.eps"},
        ),
        OptimizerTrait(
            "epsilon_inside_root",
            "adagrad-epsilon-place",
            "E12",
            fixed={"tensorflow": True, "torch": False, "jax": True},
        ),
        OptimizerTrait(
            "start_precision",
            "float32-adagrad-start",
            "E3",
            fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
            only_float64=True,
        ),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "s = initial_accumulator_value + Σ g²; w -= rate · g / √(s + epsilon)",
        Adagrad,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E12"),
        examples=({}, {"learning_rate": 0.05, "initial_accumulator_value": 0.01, "epsilon": 1e-3}),
    ),
    RULE,
)
