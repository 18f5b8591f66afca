"""Adafactor: steps relative to a weight's own size, from the means of squared gradients over rows and columns.

Canonical is Keras' form (keras/src/optimizers/adafactor.py, 3.15; the rate is min(rate, 1/√t), whatever `relative_step`
says), applied to the canonical weights: one with at least two axes is factored over its last two, and its size is its
own. Keras does so natively for every weight that it keeps as one array with these axes at the end; the biases of a GRU,
the slopes of PReLU and the kernels of convolutions in groups it keeps otherwise. PyTorch has the last two axes in front
in most layers, and the kernels of attention in one array; torch.optim.Adafactor factors the last two, keeps epsilon_1
out of the means, and refuses a clipping threshold below 1 (torch/optim/_adafactor.py, 2.13; row E17). Optax has no
1/√t, factors the two largest axes and only if they have 128 elements, and computes its decay in float32
(optax/_src/factorized.py, 0.2.8). What the sides bring is told of each array that is kept otherwise (`Stacked`).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field

from paragone.optimizers.base import OptimizerKind
from paragone.optimizers.entry import OptimizerEntry, OptimizerOptions, OptimizerSite, OptimizerSpelled
from paragone.spelling.code import DEFAULT, Code, construct, number
from paragone.spelling.entry import Positive
from paragone.spelling.spelled import Helper, Note


class Adafactor(OptimizerOptions):
    """Options of Adafactor."""

    learning_rate: Positive = 0.01
    beta_2_decay: Annotated[float, Field(lt=0, allow_inf_nan=False)] = -0.8
    epsilon_1: Positive = 1e-30
    epsilon_2: Positive = 1e-3
    clip_threshold: Positive = 1.0


_KERAS = Helper(
    "KernelAdafactor",
    '''
class KernelAdafactor(keras.optimizers.Adafactor):
    """Adafactor that knows which variables are kernels side by side, or kernels of another shape.

    `kernels` has their shapes by the variables' paths, the number of kernels first.
    """

    def __init__(self, kernels, **kwargs):
        super().__init__(**kwargs)
        self.kernels = kernels

    def build(self, var_list):
        if self.built:
            return
        super().build(var_list)
        self.shapes = [self.kernels.get(variable.path) for variable in var_list]
        self.averages = [self.zeros(shape) for shape in self.shapes]

    def zeros(self, shape):
        if shape is None:
            return []
        *front, a, b = shape
        shapes = [(*front, a, 1), (*front, 1, b)] if front else [shape]
        return [self.add_variable(shape, name="average") for shape in shapes]

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        shape = self.shapes[index]
        if shape is None:
            super().update_step(gradient, variable, learning_rate)
            return
        factored = len(shape) > 2
        g, w = ops.reshape(gradient, shape), ops.reshape(variable, shape)
        t = ops.cast(self.iterations + 1, g.dtype)
        square = ops.square(g) + self.epsilon_1
        means = [ops.mean(square, axis, keepdims=True) for axis in (-1, -2)] if factored else [square]
        averages = self.averages[index]
        for average, mean in zip(averages, means):
            self.assign(average, average + ops.power(t, self.beta_2_decay) * (mean - average))
        v = averages[0]
        if factored:
            v = v / ops.mean(v, -2, keepdims=True) * averages[1]
        update = g / ops.sqrt(v)
        update /= ops.maximum(1.0, self.size(update) / self.clip_threshold)
        rate = ops.minimum(ops.cast(learning_rate, g.dtype), 1 / ops.sqrt(t))
        step = rate * ops.maximum(ops.cast(self.epsilon_2, g.dtype), self.size(w)) * update
        self.assign_sub(variable, ops.reshape(step, variable.shape))

    def size(self, x):
        """The root of the mean square of each kernel."""
        axes = tuple(range(1, len(x.shape)))
        return ops.sqrt(ops.mean(ops.square(x), axes, keepdims=True))
''',
    Note("E17", "Keras factors the last two axes of a variable, whatever kernels are in it"),
    ("import keras", "from keras import ops"),
)
_TORCH = Helper(
    "KernelAdafactor",
    '''
class KernelAdafactor(torch.optim.Optimizer):
    """Adafactor whose factors are means over the input and the output axis of a kernel.

    These are the first two; `kernels` has, for parameters that keep kernels otherwise,
    a shape with the number of kernels first, and the two axes.
    """

    def __init__(
        self,
        params: Any,
        lr: float = 0.01,
        beta2_decay: float = -0.8,
        eps: tuple[float, float] = (1e-30, 1e-3),
        d: float = 1.0,
        kernels: dict[nn.Parameter, tuple[tuple[int, ...], tuple[int, int]]] | None = None,
    ) -> None:
        super().__init__(params, {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d})
        self.kernels = kernels or {}

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
        shape, (i, j) = self.kernels.get(p, ((1, *p.shape), (1, 2)))
        g, w, factored = grad.reshape(shape), p.reshape(shape), len(shape) > 2
        square = g.square() + eps1
        means = (square.mean(i, keepdim=True), square.mean(j, keepdim=True)) if factored else (square,)
        averages = state.setdefault("averages", [torch.zeros_like(mean) for mean in means])
        for average, mean in zip(averages, means, strict=True):
            average.lerp_(mean, t ** group["beta2_decay"])
        v = averages[0]
        if factored:
            v = v / v.mean(j, keepdim=True) * averages[1]
        update = g / v.sqrt()
        update /= (self.size(update) / group["d"]).clamp(min=1.0)
        step = min(group["lr"], t**-0.5) * self.size(w).clamp(min=eps2) * update
        p.sub_(step.reshape(p.shape))

    def size(self, x: torch.Tensor) -> torch.Tensor:
        """The root of the mean square of each kernel."""
        return x.square().mean(tuple(range(1, x.ndim)), keepdim=True).sqrt() if x.ndim > 1 else x.abs()
''',
    Note("E17", "PyTorch factors a kernel's last two axes, and adds no epsilon to the squares"),
    ("from typing import Any",),
)
_LOW = Note("E17", "PyTorch's own takes no clipping threshold below 1")
_JAX = Helper(
    "adafactor",
    '''
def adafactor(
    learning_rate: optax.ScalarOrSchedule,
    beta_2_decay: float = -0.8,
    epsilon_1: float = 1e-30,
    epsilon_2: float = 1e-3,
    clip_threshold: float = 1.0,
    kernels: dict[str, tuple[int, ...]] | None = None,
) -> optax.GradientTransformation:
    """Adafactor whose factors are the means over the last two axes of every kernel.

    `kernels` has other shapes of parameters by their paths, the number of kernels
    first.
    """

    def each(tree):
        """The parameters with the number of kernels in them as the first axis."""

        def shaped(path, x):
            name = jax.tree_util.keystr(path, simple=True, separator=".")
            return x.reshape((kernels or {}).get(name.removesuffix(".value"), (1, *x.shape)))

        return jax.tree_util.tree_map_with_path(shaped, tree)

    def size(x):
        return jnp.sqrt(jnp.mean(x**2, axis=tuple(range(1, x.ndim)), keepdims=True))

    def mean(x, axis):
        return x.mean(axis, keepdims=True) if x.ndim > 2 else x

    def moved(old, new, share):
        return jax.tree.map(lambda a, b: a + share * (b - a), old, new)

    def step(p, g, w, rows, columns, rate):
        v = rows / mean(rows, -2) * columns if g.ndim > 2 else rows
        update = g / jnp.sqrt(v)
        update /= jnp.maximum(1.0, size(update) / clip_threshold)
        return (-rate * jnp.maximum(epsilon_2, size(w)) * update).reshape(p.shape)

    def init(params):
        zeros = jax.tree.map(jnp.zeros_like, each(params))
        rows, columns = (jax.tree.map(lambda x: mean(x, axis), zeros) for axis in (-1, -2))
        return jnp.zeros([], jnp.int32), rows, columns

    def update(grads, state, params):
        count, rows, columns = state
        t = jnp.asarray(count + 1, float)
        rate = jnp.minimum(learning_rate(count) if callable(learning_rate) else learning_rate, t**-0.5)
        g, w = each(grads), each(params)
        squares = jax.tree.map(lambda g: g**2 + epsilon_1, g)
        rows = moved(rows, jax.tree.map(lambda x: mean(x, -1), squares), t**beta_2_decay)
        columns = moved(columns, jax.tree.map(lambda x: mean(x, -2), squares), t**beta_2_decay)
        steps = jax.tree.map(lambda *parts: step(*parts, rate), params, g, w, rows, columns)
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
        given["epsilon_2"] = Code(f"np.float64({number(site.options.epsilon_2)})")
        notes = (Note("E3", "Keras would round Python's numbers to float32"),)
    own = site.matched and bool(site.stacked)
    name = _KERAS.name if own else "keras.optimizers.Adafactor"
    kernels = {"kernels": {key: one.shape for key, one in site.stacked.items()}} if own else {}
    made = construct(name, learning_rate=site.rate(1e-3), **kernels, **given)
    return OptimizerSpelled(made, notes=notes, helpers=(_KERAS,) if own else ())


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    o: Adafactor = site.options
    given = _given(site)
    named = site.matched or {"epsilon_1", "epsilon_2"} & o.model_fields_set
    epsilons = (o.epsilon_1, o.epsilon_2)
    options = {
        "lr": site.rate(0.01),
        "beta2_decay": given["beta_2_decay"],
        "eps": epsilons if named and epsilons != (1e-30, 1e-3) else DEFAULT,
        "d": given["clip_threshold"],
    }
    if not site.matched and o.clip_threshold >= 1:
        return OptimizerSpelled(construct("torch.optim.Adafactor", Code("model.parameters()"), **options))
    kernels = {key: (one.shape, one.last) for key, one in site.stacked.items()}
    made = construct(_TORCH.name, Code("model.parameters()"), **options, kernels=kernels or DEFAULT)
    return OptimizerSpelled(made, helpers=(_TORCH if site.matched else replace(_TORCH, note=_LOW),))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    if site.matched:
        kernels = {key: one.shape for key, one in site.stacked.items()}
        made = construct("adafactor", site.rate(None), **_given(site), kernels=kernels or DEFAULT)
        return OptimizerSpelled(made, helpers=(_JAX,))
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
        proportional=lambda _options: False,
    ),
)
