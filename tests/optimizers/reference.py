"""Every optimizer of task files by its canonical formula, in NumPy, with nothing of the sides.

Each is a function of the options, which gives a function of step (from 1), rate, weight, gradient and the state of the
weight (a dictionary, empty at first) that gives the new weight.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]
Update = Callable[[int, float, Array, Array, dict[str, Array]], Array]


def _mean(state: dict[str, Array], name: str, value: Array, beta: float) -> Array:
    """A running mean that starts at 0."""
    state[name] = beta * state.get(name, np.zeros_like(value)) + (1 - beta) * value
    return state[name]


def sgd(o: Any) -> Update:
    def update(_t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        state["v"] = o.momentum * state.get("v", 0 * g) + g
        return w - rate * (g + o.momentum * state["v"] if o.nesterov else state["v"])

    return update


def adam(o: Any) -> Update:
    def update(t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        m, v = _mean(state, "m", g, o.beta_1), _mean(state, "v", g * g, o.beta_2)
        if o.amsgrad:
            v = state["largest"] = np.maximum(state.get("largest", 0 * v), v)
        return w - rate * (m / (1 - o.beta_1**t)) / (np.sqrt(v / (1 - o.beta_2**t)) + o.epsilon)

    return update


def adamw(o: Any) -> Update:
    step = adam(o)

    def update(t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        return step(t, rate, w - rate * o.weight_decay * w, g, state)

    return update


def adamax(o: Any) -> Update:
    def update(t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        m = _mean(state, "m", g, o.beta_1)
        state["u"] = np.maximum(o.beta_2 * state.get("u", 0 * g), np.abs(g) + o.epsilon)
        return w - rate * m / (1 - o.beta_1**t) / state["u"]

    return update


def nadam(o: Any) -> Update:
    def mu(t: int) -> float:
        return float(o.beta_1 * (1 - 0.5 * 0.96 ** (t * o.momentum_decay)))

    def update(t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        m, v = _mean(state, "m", g, o.beta_1), _mean(state, "v", g * g, o.beta_2)
        product = np.prod([mu(i) for i in range(1, t + 1)])
        ahead = mu(t + 1) * m / (1 - product * mu(t + 1)) + (1 - mu(t)) * g / (1 - product)
        return w - rate * ahead / (np.sqrt(v / (1 - o.beta_2**t)) + o.epsilon)

    return update


def rmsprop(o: Any) -> Update:
    def update(_t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        v = _mean(state, "v", g * g, o.rho)
        if o.centered:
            v = v - _mean(state, "m", g, o.rho) ** 2
        state["step"] = o.momentum * state.get("step", 0 * g) + rate * g / np.sqrt(v + o.epsilon)
        return w - state["step"]

    return update


def adagrad(o: Any) -> Update:
    def update(_t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        state["sum"] = state.get("sum", np.full_like(g, o.initial_accumulator_value)) + g * g
        return w - rate * g / np.sqrt(state["sum"] + o.epsilon)

    return update


def adadelta(o: Any) -> Update:
    def update(_t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        v = _mean(state, "v", g * g, o.rho)
        step = np.sqrt(state.get("d", 0 * g) + o.epsilon) / np.sqrt(v + o.epsilon) * g
        _mean(state, "d", step * step, o.rho)
        return w - rate * step

    return update


def lion(o: Any) -> Update:
    def update(_t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        direction = np.sign(o.beta_1 * state.get("m", 0 * g) + (1 - o.beta_1) * g)
        _mean(state, "m", g, o.beta_2)
        return w - rate * (direction + o.weight_decay * w)

    return update


def adafactor(o: Any) -> Update:
    def rms(x: Array) -> float:
        return float(np.sqrt(np.mean(x * x)))

    def update(t: int, rate: float, w: Array, g: Array, state: dict[str, Array]) -> Array:
        beta = 1 - t**o.beta_2_decay
        square = g * g + o.epsilon_1
        if w.ndim > 1:
            rows, columns = _mean(state, "r", square.mean(-1), beta), _mean(state, "c", square.mean(-2), beta)
            v = rows[..., :, None] * columns[..., None, :] / rows.mean(-1)[..., None, None]
        else:
            v = _mean(state, "v", square, beta)
        u = g / np.sqrt(v)
        u = u / max(1.0, rms(u) / o.clip_threshold)
        return w - min(rate, t**-0.5) * max(o.epsilon_2, rms(w)) * u

    return update


OPTIMIZERS: dict[str, Callable[[Any], Update]] = {
    function.__name__: function
    for function in (sgd, adam, adamw, adamax, nadam, rmsprop, adagrad, adadelta, lion, adafactor)
}


def clip(name: str, limit: float, gradients: dict[str, Array]) -> dict[str, Array]:
    """The gradients, clipped."""
    if name == "value":
        return {key: np.clip(g, -limit, limit) for key, g in gradients.items()}
    norms = {key: float(np.sqrt(np.sum(g * g))) for key, g in gradients.items()}
    if name == "global_norm":
        norms = dict.fromkeys(norms, float(np.sqrt(sum(norm * norm for norm in norms.values()))))
    return {key: g if norms[key] <= limit else g * (limit / norms[key]) for key, g in gradients.items()}
