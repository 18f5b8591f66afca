"""Binary cross-entropy: the mean of -(target · log p + (1 - target) · log(1 - p)), for every number of the output.

`from_logits` true (the default here): p is the output's sigmoid. Of probabilities, Keras clips p to [1e-7, 1 - 1e-7],
or takes the logits back from a sigmoid on TensorFlow (keras/src/backend/tensorflow/nn.py, 3.15; rows D2, D3); PyTorch's
binary_cross_entropy keeps logarithms at least -100 (torch/nn/functional.py, 2.13); Optax 0.2.8 takes logits alone. Here
p is the output, clipped as Keras does. `class_weights` are those of 0 and of 1.
"""

from __future__ import annotations

from typing import Any

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import Weighted, check_elements, check_weights, jax_output, torch_arrays, values_mean
from paragone.losses.shared_binary import Features, jax_binary, keras_binary, torch_binary
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Rate
from paragone.spelling.spelled import Note
from paragone.task.tensor import Tensor


class BinaryCrossentropy(Weighted):
    """Options of binary cross-entropy."""

    from_logits: bool = True
    label_smoothing: Rate = 0.0


def _check(options: BinaryCrossentropy, output: Tensor, target: Tensor) -> None:
    check_elements(options, output, target)
    check_weights(options, 2)


def _features(o: BinaryCrossentropy) -> Features:
    return Features(not o.from_logits, o.label_smoothing > 0, o.class_weights is not None)


def _given(o: BinaryCrossentropy) -> dict[str, Any]:
    values = {"weights": o.class_weights, "smoothing": o.label_smoothing}
    return {name: values[name] for name in _features(o).parameters}


def _keras(site: LossSite) -> LossSpelled:
    o: BinaryCrossentropy = site.options
    if o.class_weights or (site.matched and not o.from_logits):
        helper = keras_binary(_features(o))
        return LossSpelled("", construct(helper.name, **_given(o)), (helper,))
    made = construct(
        "keras.losses.BinaryCrossentropy",
        from_logits=True if o.from_logits else DEFAULT,
        label_smoothing=o.label_smoothing or DEFAULT,
    )
    return LossSpelled("", made, notes=(Note("D1", "the model's outputs are logits"),) if o.from_logits else ())


def _smoothed(target: str, smoothing: float) -> str:
    return f"{target} * {1.0 - smoothing!r} + {0.5 * smoothing!r}" if smoothing else target


def _torch(site: LossSite) -> LossSpelled:
    o: BinaryCrossentropy = site.options
    output, target = torch_arrays(site)
    if o.class_weights:
        helper = torch_binary(_features(o))
        made = construct(helper.name, Code(output), Code(target), *_given(o).values())
        return LossSpelled(values_mean(site, made.code(), whole=True), helpers=(helper,))
    clip = ".clamp(1e-7, 1 - 1e-7)" if site.matched and not o.from_logits else ""
    wanted = _smoothed(target, o.label_smoothing)
    function, module = ("_with_logits", "BCEWithLogitsLoss") if o.from_logits else ("", "BCELoss")
    call = f"F.binary_cross_entropy{function}({output}{clip}, {wanted}"
    notes = (Note("D3", "clipped as Keras does"),) if clip else ()
    if site.weight is not None:
        return LossSpelled(values_mean(site, f'{call}, reduction="none")', whole=True), notes=notes)
    as_they_are = (f"{output}{clip}", wanted) == ("{output}", "{target}")
    return LossSpelled(f"{call})", construct(f"nn.{module}") if as_they_are else None, notes=notes)


def _jax(site: LossSite) -> LossSpelled:
    o: BinaryCrossentropy = site.options
    if o.class_weights or not o.from_logits:
        helper = jax_binary(_features(o))
        made = construct(helper.name, Code(jax_output(site)), Code("{target}"), *_given(o).values())
        return LossSpelled(values_mean(site, made.code(), whole=True), helpers=(helper,))
    wanted = _smoothed("{target}", o.label_smoothing)
    losses = f"optax.sigmoid_binary_cross_entropy({jax_output(site)}, {wanted})"
    return LossSpelled(values_mean(site, losses, whole=True))


LOSS = LossKind(
    "binary_crossentropy",
    "mean(-(target · log p + (1 - target) · log(1 - p))), p = sigmoid(output) or the output",
    BinaryCrossentropy,
    _check,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D1", "D2", "D3", "D5", "D7", "D13"),
    examples=(
        {"output": (1,), "target": (), "target_is": "bits"},
        {"output": (1,), "target": (), "target_kind": "int"},
        {"label_smoothing": 0.1, "output": (4, 3), "target": (4, 3), "target_is": "bits"},
        {"from_logits": False, "output": (5,), "target": (5,), "output_is": "probability", "target_is": "bits"},
        {"class_weights": [1.0, 4.0], "output": (1,), "target": (1,), "target_is": "bits"},
    ),
)
