"""Adafactor: steps relative to a weight's own size, from the means of squared gradients over rows and columns.

Canonical is Keras' form (keras/src/optimizers/adafactor.py, 3.15; the rate is min(rate, 1/√t), whatever `relative_step`
says): an array with at least two axes is factored over its last two, which are input and output. PyTorch's kernels of
convolutions have those in front, so that torch.optim.Adafactor factors their spatial axes; it keeps epsilon_1 out of
the means (torch/optim/_adafactor.py, 2.13; row E17). Optax has no 1/√t, factors the two largest axes and only if they
have 128 elements, and computes its decay in float32 (optax/_src/factorized.py, 0.2.8). Where one framework keeps two
kernels in one array, or with other axes (attention, gates, depthwise kernels), their statistics cannot agree.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from paragone.optimizers.base import OptimizerKind
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Positive
from paragone.spelling.spelled import Helper, Note


class Adafactor(OptimizerOptions):
    """Options of Adafactor."""

    learning_rate: Positive = 0.01
    beta_2_decay: Annotated[float, Field(lt=0, allow_inf_nan=False)] = -0.8
    epsilon_1: Positive = 1e-30
    epsilon_2: Positive = 1e-3
    clip_threshold: Positive = 1.0


_TORCH = Helper(
    "InOutAdafactor",
    '''
class InOutAdafactor(torch.optim.Optimizer):
    """Adafactor whose factors are the means over the input and the output axis of a kernel: the first two."""

    def __init__(
        self,
        params: Any,
        lr: float = 0.01,
        beta2_decay: float = -0.8,
        eps: tuple[float, float] = (1e-30, 1e-3),
        d: float = 1.0,
    ) -> None:
        super().__init__(params, {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d})

    @torch.no_grad()
    def step(self, closure: Any = None) -> Any:
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    self.update(p, p.grad, self.state[p], group)

    def update(
        self, p: nn.Parameter, grad: torch.Tensor, state: dict[str, Any], group: dict[str, Any]
    ) -> None:
        t = state["step"] = state.get("step", 0) + 1
        eps1, eps2 = group["eps"]
        square = grad.square() + eps1
        averages = (square.mean(0, keepdim=True), square.mean(1, keepdim=True)) if p.ndim > 1 else (square,)
        kept = state.setdefault("averages", [torch.zeros_like(average) for average in averages])
        for old, new in zip(kept, averages, strict=True):
            old.lerp_(new, t ** group["beta2_decay"])
        v = kept[0] * kept[1] / kept[1].mean(0, keepdim=True) if p.ndim > 1 else kept[0]
        update = grad / v.sqrt()
        update /= (update.square().mean().sqrt() / group["d"]).clamp(min=1.0)
        size = p.square().mean().sqrt().clamp(min=eps2)
        p.sub_(min(group["lr"], t**-0.5) * size * update)
''',
    Note("E17", "PyTorch factors a kernel's last two axes, and adds no epsilon to the squares"),
    ("from typing import Any",),
)
_JAX = Helper(
    "adafactor",
    '''
def adafactor(
    learning_rate: optax.ScalarOrSchedule,
    beta_2_decay: float = -0.8,
    epsilon_1: float = 1e-30,
    epsilon_2: float = 1e-3,
    clip_threshold: float = 1.0,
) -> optax.GradientTransformation:
    """Adafactor whose factors are the means over the last two axes of every kernel."""

    def rms(x):
        return jnp.sqrt(jnp.mean(x**2))

    def mean(x, axis):
        return x.mean(axis, keepdims=True) if x.ndim > 1 else x

    def moved(old, new, share):
        return jax.tree.map(lambda a, b: a + share * (b - a), old, new)

    def step(g, p, rows, columns, rate):
        v = rows / mean(rows, -2) * columns if p.ndim > 1 else rows
        update = g / jnp.sqrt(v)
        update /= jnp.maximum(1.0, rms(update) / clip_threshold)
        return -rate * jnp.maximum(epsilon_2, rms(p)) * update

    def init(params):
        rows, columns = (jax.tree.map(lambda p: mean(jnp.zeros_like(p), axis), params) for axis in (-1, -2))
        return jnp.zeros([], jnp.int32), rows, columns

    def update(grads, state, params):
        count, rows, columns = state
        t = jnp.asarray(count + 1, float)
        rate = jnp.minimum(learning_rate(count) if callable(learning_rate) else learning_rate, t**-0.5)
        squares = jax.tree.map(lambda g: g**2 + epsilon_1, grads)
        rows = moved(rows, jax.tree.map(lambda x: mean(x, -1), squares), t**beta_2_decay)
        columns = moved(columns, jax.tree.map(lambda x: mean(x, -2), squares), t**beta_2_decay)
        steps = jax.tree.map(lambda g, p, r, c: step(g, p, r, c, rate), grads, params, rows, columns)
        return steps, (count + 1, rows, columns)

    return optax.GradientTransformation(init, update)
''',
    Note("E17", "Optax has no 1/√t, factors only large axes, and computes its decay in float32"),
)


def _given(site: OptimizerSite) -> dict[str, Any]:
    """The options that are not Keras' defaults."""
    defaults = {"beta_2_decay": -0.8, "epsilon_1": 1e-30, "epsilon_2": 1e-3, "clip_threshold": 1.0}
    return {name: site.given(name, default) for name, default in defaults.items()}


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    given = _given(site)
    notes: tuple[Note, ...] = ()
    if site.matched:
        given["epsilon_2"] = Code(f"np.float64({site.options.epsilon_2!r})")
        notes = (Note("E3", "Keras would round Python's numbers to float32"),)
    return OptimizerSpelled(
        construct("keras.optimizers.Adafactor", learning_rate=site.rate(1e-3), **given), notes=notes
    )


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Adafactor = site.options
    given = _given(site)
    named = site.matched or {"epsilon_1", "epsilon_2"} & o.model_fields_set
    epsilons = (o.epsilon_1, o.epsilon_2)
    plain = {
        "lr": site.rate(0.01),
        "beta2_decay": given["beta_2_decay"],
        "eps": epsilons if named and epsilons != (1e-30, 1e-3) else DEFAULT,
        "d": given["clip_threshold"],
    }
    made = construct("InOutAdafactor" if site.matched else "torch.optim.Adafactor", Code("model.parameters()"), **plain)
    return OptimizerSpelled(made, helpers=(_TORCH,) if site.matched else ())


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    if site.matched:
        return OptimizerSpelled(construct("adafactor", site.rate(None), **_given(site)), helpers=(_JAX,))
    made = construct(
        "optax.adafactor",
        site.rate(None),
        decay_rate=site.given("beta_2_decay", 0.8, to=lambda decay: -decay),
        clipping_threshold=site.given("clip_threshold", 1.0),
        eps=site.given("epsilon_1", 1e-30),
    )
    return OptimizerSpelled(made)


OPTIMIZER = OptimizerKind(
    "adafactor",
    {},
    (),
    OptimizerEntry(
        "v from running means of g² over rows and columns, u = g / √v; "
        "w -= min(rate, 1/√t) · max(epsilon_2, rms(w)) · u / max(1, rms(u) / clip_threshold)",
        Adafactor,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E3", "E17"),
        examples=({}, {"learning_rate": 0.1, "beta_2_decay": -0.6, "epsilon_1": 1e-6, "clip_threshold": 0.5}),
    ),
)
