"""RMSprop: the gradient over the root of the running mean of its square.

Keras puts epsilon inside the root (keras/src/optimizers/rmsprop.py, 3.15), as Optax does by default (`eps_in_sqrt`,
optax/_src/transform.py, 0.2.8); PyTorch puts it outside (torch/optim/rmsprop.py, 2.13). Defaults differ in everything:
rho 0.9 / 0.99 / 0.9, epsilon 1e-7 / 1e-8 / 1e-8, learning rate 0.001 / 0.01 / none. With
momentum, Keras and Optax keep the rate inside the buffer, PyTorch outside. In a task it is the form of Keras and Optax.
"""

from __future__ import annotations

from collections.abc import Mapping

from paragone.meaning.forms.base import Numbers
from paragone.optimizers.base import (
    CLIPPING,
    DECAY,
    LEARNING_RATE,
    OptimizerKind,
    OptimizerState,
    OptimizerTrait,
    rate_place,
)
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.optimizers.rule import At, Options, Rule, Updated
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Positive, Rate
from paragone.spelling.spelled import Helper, Note


class RMSprop(OptimizerOptions):
    """Options of RMSprop."""

    rho: Rate = 0.9
    momentum: Rate = 0.0
    epsilon: Positive = 1e-7
    centered: bool = False


_TORCH = Helper(
    "InnerRMSprop",
    '''
class InnerRMSprop(torch.optim.Optimizer):
    """RMSprop with epsilon inside the root, and the rate inside the momentum."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        eps: float = 1e-7,
        centered: bool = False,
    ) -> None:
        options = {"lr": lr, "rho": rho, "momentum": momentum, "eps": eps, "centered": centered}
        super().__init__(params, options)

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
            state |= {name: torch.zeros_like(p) for name in ("square", "mean", "step")}
        square, mean, step = state["square"], state["mean"], state["step"]
        square.lerp_(grad.square(), 1 - group["rho"])
        if group["centered"]:
            mean.lerp_(grad, 1 - group["rho"])
        root = (square - mean.square() + group["eps"]).sqrt()
        step.mul_(group["momentum"]).addcdiv_(grad, root, value=group["lr"])
        p.sub_(step)
''',
    Note("E11", "PyTorch adds epsilon outside of the root, and keeps the rate outside of the momentum"),
    ("from typing import Any",),
)


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "keras.optimizers.RMSprop",
        learning_rate=site.rate(1e-3),
        rho=site.given("rho", 0.9),
        momentum=site.given("momentum", 0.0),
        epsilon=site.given("epsilon", 1e-7),
        centered=site.given("centered", False),
    )
    return OptimizerSpelled(made)


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    given = {"momentum": site.given("momentum", 0.0), "centered": site.given("centered", False)}
    parameters = Code("model.parameters()")
    if site.matched:
        given = {"rho": site.given("rho", 0.9), "eps": site.given("epsilon", 1e-7), **given}
        made = construct("InnerRMSprop", parameters, lr=site.rate(1e-3), **given)
        return OptimizerSpelled(made, helpers=(_TORCH,))
    given = {"alpha": site.given("rho", 0.99), "eps": site.given("epsilon", 1e-8), **given}
    return OptimizerSpelled(construct("torch.optim.RMSprop", parameters, lr=site.rate(1e-2), **given))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    made = construct(
        "optax.rmsprop",
        site.rate(None),
        decay=site.given("rho", 0.9),
        eps=site.given("epsilon", 1e-8),
        centered=site.given("centered", False),
        momentum=site.options.momentum or DEFAULT,
    )
    return OptimizerSpelled(made)


def _update(_xp: Numbers, o: Options, at: At) -> Updated:
    w, g = at.weight, at.gradient
    rho, epsilon = o["rho"], o["epsilon"]
    v = rho * at.state["v"] + (1.0 - rho) * g * g
    kept, spread = {"v": v}, v
    if o.get("centered"):
        kept["mean"] = rho * at.state["mean"] + (1.0 - rho) * g
        spread = v - kept["mean"] * kept["mean"]
    divisor = (spread + epsilon) ** 0.5 if o.get("epsilon_inside_root") else spread**0.5 + epsilon
    if not o.get("momentum"):
        return w - at.rate * g / divisor, kept
    inside = o.get("rate_place") == "inside"
    moved = o["momentum"] * at.state["momentum"] + (at.rate * g if inside else g) / divisor
    return w - (moved if inside else at.rate * moved), {**kept, "momentum": moved}


def _slots(o: Options) -> Mapping[str, float]:
    return dict.fromkeys(("v", *(name for name in ("mean", "momentum") if o.get(_NEEDS[name]))), 0.0)


_NEEDS = {"mean": "centered", "momentum": "momentum"}
RULE = Rule(_slots, _update)

OPTIMIZER = OptimizerKind(
    "rmsprop",
    {"tensorflow": ("RMSprop",), "torch": ("RMSprop",), "jax": ("scale_by_rms", "scale_by_stddev")},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "rho",
            "rmsprop-rho",
            "E11",
            {"tensorflow": "rho", "torch": "alpha", "jax": "scale_by_rms.decay|scale_by_stddev.decay"},
        ),
        OptimizerTrait(
            "epsilon",
            "rmsprop-epsilon-default",
            "E11",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_rms.eps|scale_by_stddev.eps"},
        ),
        OptimizerTrait(
            "epsilon_inside_root",
            "rmsprop-epsilon-place",
            "E11",
            {"jax": "scale_by_rms.eps_in_sqrt|scale_by_stddev.eps_in_sqrt"},
            fixed={"tensorflow": True, "torch": False},
        ),
        OptimizerTrait(
            "momentum",
            "sgd-momentum",
            None,
            {"tensorflow": "momentum", "torch": "momentum", "jax": "trace.decay"},
            absent=0.0,
        ),
        OptimizerTrait(
            "centered",
            "rmsprop-centered",
            "E11",
            {"tensorflow": "centered", "torch": "centered", "jax": "made.scale_by_stddev"},
            absent=False,
        ),
        rate_place("inside"),
        *DECAY,
        *CLIPPING,
    ),
    OptimizerEntry(
        "v runs after g² (less the square of g's mean if centered); w -= the momentum of rate · g / √(v + epsilon)",
        RMSprop,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E11",),
        examples=(
            {},
            {"learning_rate": 0.01, "rho": 0.95, "epsilon": 1e-3},
            {"momentum": 0.9, "centered": True, "epsilon": 1e-4},
        ),
        proportional=lambda options: options.momentum == 0,
    ),
    RULE,
    (OptimizerState("mean_square", {"tensorflow": "_velocities", "torch": "square_avg", "jax": "ScaleByRms.nu"}),),
)
