"""ReLU: max(x, 0).

The same in keras.activations.relu (3.15), torch.nn.functional.relu (2.13) and jax.nn.relu (0.10); the derivative at 0
is 0 in all of them. Keras' own has a slope, a ceiling and a threshold as well (keras/src/layers/activations/relu.py,
3.15), which are layers of their own elsewhere (row C8). People also write it as `maximum(x, 0)` and `clamp(min=0)`.
"""

from __future__ import annotations

from typing import Any

from paragone.activations.base import Seen, activation, called, function
from paragone.layers.base import Function, Setting, Settings, Sizes
from paragone.spelling.code import construct
from paragone.spelling.spelled import Spelled

_KERAS = "x, negative_slope=0.0, max_value=None, threshold=0.0"


def _is_zero(value: Any) -> bool:
    return isinstance(value, (int, float)) and value == 0


def _plain(_a: Any, _sizes: Sizes) -> Settings:
    return {"slope": 0.0, "ceiling": None, "threshold": 0.0}


def _keras(a: Any, _sizes: Sizes) -> Settings:
    ceiling = None if a.max_value is None else float(a.max_value)
    return {"slope": float(a.negative_slope), "ceiling": ceiling, "threshold": float(a.threshold)}


def _compute(ops: Any, inputs: tuple[Any, ...], s: Any, _weights: Any) -> Any:
    (x,) = inputs
    below = s.slope * (x - s.threshold) if s.slope else ops.constant(0.0, x)
    output = ops.where(x > s.threshold, x, below)
    return output if s.ceiling is None else ops.minimum(output, s.ceiling)


def _maximum(*places: str) -> Function:
    return Function(places, "x, y, /, **_", _plain, lambda a: _is_zero(a.y))


_FOUND = {
    "tensorflow": Seen(
        ("ReLU",),
        (
            function("tensorflow", "relu", reads=_plain),
            Function(("keras.src.activations.activations.ReLU.static_call",), _KERAS, _keras),
            _maximum("tensorflow.maximum", "tensorflow.math.maximum", "keras.src.backend.tensorflow.numpy.maximum"),
        ),
        _keras,
    ),
    "torch": Seen(
        ("ReLU",),
        (
            function("torch", "relu", "input, inplace=False", reads=_plain),
            Function(
                ("torch.clamp", "torch.Tensor.clamp"),
                "x, min=None, max=None, **_",
                _plain,
                lambda a: _is_zero(a.min) and a.max is None,
            ),
            Function(("torch.clamp_min", "torch.Tensor.clamp_min"), "x, min", _plain, lambda a: _is_zero(a.min)),
        ),
        _plain,
    ),
    "jax": Seen((), (function("jax", "relu", reads=_plain), _maximum("jax.numpy.maximum"))),
}

LAYER = activation(
    "relu",
    "max(x, 0)",
    lambda _: Spelled(construct("layers.ReLU"), argument='"relu"'),
    called("F.relu({0})"),
    called("nnx.relu({0})"),
    compute=_compute,
    settings=(
        Setting("slope", "relu-arguments", "C8", 0.0),
        Setting("ceiling", "relu-arguments", "C8"),
        Setting("threshold", "relu-arguments", "C8", 0.0),
    ),
    found=_FOUND,
)
