"""Cross-entropy with a probability for each class as target: the mean of -Σ target · log p.

`from_logits` true (the default here): the output is logits and p is their softmax. Keras' default is probabilities
(keras/src/losses/losses.py, 3.15; row D1), which it takes back to logits, or rescales and clips (rows D2, D4): here p
is the output, at least 1e-7. The gradient of TensorFlow's kernel is softmax - target, which holds only where a target
adds up to 1 (tensorflow/core/kernels/xent_op.h, 2.21), so `matched` has a helper in Keras. With `class_weights`
PyTorch divides by the number of targets if they are probabilities, by the sum of weights if they are class numbers
(torch/nn/functional.py, cross_entropy, 2.13): here it is the latter in both.
"""

from __future__ import annotations

from typing import Any

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import Weighted, check_vectors, check_weights, class_axis, values_mean
from paragone.losses.shared_crossentropy import Features, jax_crossentropy, keras_crossentropy, torch_crossentropy
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Rate
from paragone.task.tensor import Tensor


class CategoricalCrossentropy(Weighted):
    """Options of categorical cross-entropy."""

    from_logits: bool = True
    label_smoothing: Rate = 0.0


def _check(options: CategoricalCrossentropy, output: Tensor, target: Tensor) -> None:
    check_vectors(options, output, target)
    check_weights(options, output.shape[-1])


def _features(o: CategoricalCrossentropy) -> Features:
    return Features(False, not o.from_logits, o.label_smoothing > 0, o.class_weights is not None)


def _given(o: CategoricalCrossentropy) -> dict[str, Any]:
    values = {"weights": o.class_weights, "smoothing": o.label_smoothing}
    return {name: values[name] for name in _features(o).parameters}


def _keras(site: LossSite) -> LossSpelled:
    o: CategoricalCrossentropy = site.options
    if site.matched or o.class_weights:
        helper = keras_crossentropy(_features(o))
        return LossSpelled("", construct(helper.name, **_given(o)), (helper,))
    made = construct(
        "keras.losses.CategoricalCrossentropy",
        from_logits=True if o.from_logits else DEFAULT,
        label_smoothing=o.label_smoothing or DEFAULT,
    )
    return LossSpelled("", made)


def _torch(site: LossSite) -> LossSpelled:
    o: CategoricalCrossentropy = site.options
    first = len(site.output.shape) == 1 or class_axis(site) == 1
    if not o.from_logits or o.class_weights:
        helper = torch_crossentropy(_features(o))
        arrays = (
            ["{output}", "{target}"]
            if class_axis(site) == -1
            else ["{output}.movedim(1, -1)", "{target}.movedim(1, -1)"]
        )
        losses = construct(helper.name, *map(Code, arrays), *_given(o).values()).code()
        return LossSpelled(values_mean(site, losses), helpers=(helper,))
    smoothing = {"label_smoothing": o.label_smoothing or DEFAULT}
    arrays = ["{output}", "{target}"] if first else ["{output}.movedim(-1, 1)", "{target}.movedim(-1, 1)"]
    if site.weight is not None:
        losses = construct("F.cross_entropy", *map(Code, arrays), **smoothing, reduction="none").code()
        return LossSpelled(values_mean(site, losses))
    expression = construct("F.cross_entropy", *map(Code, arrays), **smoothing).code()
    return LossSpelled(expression, construct("nn.CrossEntropyLoss", **smoothing) if first else None)


def _jax(site: LossSite) -> LossSpelled:
    o: CategoricalCrossentropy = site.options
    if not o.from_logits or o.class_weights:
        helper = jax_crossentropy(_features(o))
        arrays = (Code("{output}"), Code("{target}"))
        losses = construct(helper.name, *arrays, *_given(o).values()).code()
        return LossSpelled(values_mean(site, losses), helpers=(helper,))
    target = f"optax.smooth_labels({{target}}, {o.label_smoothing!r})" if o.label_smoothing else "{target}"
    return LossSpelled(values_mean(site, f"optax.softmax_cross_entropy({{output}}, {target})"))


LOSS = LossKind(
    "categorical_crossentropy",
    "Σ w · target · -log p / Σ w · target, p = softmax(output) or the output; without class_weights the mean",
    CategoricalCrossentropy,
    _check,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D1", "D2", "D3", "D4", "D5", "D7", "D18"),
    examples=(
        {"output": (5,), "target": (5,), "target_is": "probabilities"},
        {"label_smoothing": 0.1, "output": (4, 3), "target": (4, 3), "target_is": "probabilities"},
        {
            "from_logits": False,
            "class_weights": [0.5, 1.0, 3.0],
            "output": (3,),
            "target": (3,),
            "output_is": "probabilities",
            "target_is": "probabilities",
        },
    ),
)
