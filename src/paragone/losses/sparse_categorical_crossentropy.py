"""Cross-entropy with class numbers as targets: the mean of -log p[target].

`from_logits` true (the default here): the output is logits and p is their softmax. Keras' default is probabilities
(keras/src/losses/losses.py, 3.15; row D1); PyTorch and Optax take logits alone (torch/nn/modules/loss.py, 2.13;
optax/losses/_classification.py, 0.2.8). PyTorch wants the class axis behind the batch axis. Of probabilities, Keras on
TensorFlow takes the logits from before a softmax if there is one, and rescales and clips them if not (row D2, D4;
keras/src/backend/tensorflow/nn.py, 3.15): here p is the output, at least 1e-7. `class_weights` and `ignore_index` are
those of PyTorch's CrossEntropyLoss (rows D5, D6).
"""

from __future__ import annotations

from typing import Any

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.losses.shared import Weighted, check_classes, values_mean
from paragone.losses.shared_crossentropy import (
    LEAST,
    Features,
    jax_crossentropy,
    keras_crossentropy,
    torch_crossentropy,
)
from paragone.spelling.code import DEFAULT, Code, construct
from paragone.spelling.entry import Rate, UnfitError
from paragone.spelling.spelled import Note
from paragone.task.tensor import Tensor


class SparseCategoricalCrossentropy(Weighted):
    """Options of sparse categorical cross-entropy."""

    from_logits: bool = True
    label_smoothing: Rate = 0.0
    ignore_index: int | None = None


def _check(options: SparseCategoricalCrossentropy, output: Tensor, target: Tensor) -> None:
    check_classes(options, output, target)
    if options.label_smoothing and not options.from_logits:
        raise UnfitError(
            "from_logits true, or categorical_crossentropy with probabilities as targets",
            f"label_smoothing of {options.label_smoothing} for probabilities",
            "label_smoothing",
        )


def _features(o: SparseCategoricalCrossentropy) -> Features:
    masked = o.ignore_index is not None
    return Features(True, not o.from_logits, o.label_smoothing > 0, o.class_weights is not None, masked)


def _given(o: SparseCategoricalCrossentropy) -> dict[str, Any]:
    """The options of a helper."""
    values = {"weights": o.class_weights, "smoothing": o.label_smoothing, "ignored": o.ignore_index}
    return {name: values[name] for name in _features(o).parameters}


def _keras(site: LossSite) -> LossSpelled:
    o: SparseCategoricalCrossentropy = site.options
    if o.class_weights or o.label_smoothing or (site.matched and not o.from_logits):
        helper = keras_crossentropy(_features(o))
        return LossSpelled("", construct(helper.name, **_given(o)), (helper,))
    made = construct(
        "keras.losses.SparseCategoricalCrossentropy",
        from_logits=True if o.from_logits else DEFAULT,
        ignore_class=DEFAULT if o.ignore_index is None else o.ignore_index,
    )
    return LossSpelled("", made, notes=(Note("D1", "the model's outputs are logits"),) if o.from_logits else ())


def _torch(site: LossSite) -> LossSpelled:
    o: SparseCategoricalCrossentropy = site.options
    first = len(site.output.shape) == 1 or site.layout == "first"
    output = "{output}" if first else "{output}.movedim(-1, 1)"
    options: dict[str, Any] = {
        "weight": construct("torch.tensor", o.class_weights).code() if o.class_weights else DEFAULT,
        "ignore_index": DEFAULT if o.ignore_index is None else o.ignore_index,
    }
    if site.weight is not None:
        return _torch_weighted(site, output)
    if not o.from_logits:
        contiguous = "" if first else ".contiguous()"
        logs = Code(f"{output}.clamp(min={LEAST}).log(){contiguous}")
        notes = (Note("D3", "the least probability is that of Keras"),)
        return LossSpelled(construct("F.nll_loss", logs, Code("{target}"), **options).code(), notes=notes)
    options["label_smoothing"] = o.label_smoothing or DEFAULT
    expression = construct("F.cross_entropy", Code(output), Code("{target}"), **options).code()
    return LossSpelled(expression, construct("nn.CrossEntropyLoss", **options) if first else None)


def _torch_weighted(site: LossSite, output: str) -> LossSpelled:
    """With weights of samples: what divides the sum is PyTorch's own only where it takes the mean itself."""
    o: SparseCategoricalCrossentropy = site.options
    if not o.from_logits or o.class_weights or o.ignore_index is not None:
        helper = torch_crossentropy(_features(o))
        losses = construct(helper.name, Code(output), Code("{target}"), *_given(o).values()).code()
        return LossSpelled(values_mean(site, losses), helpers=(helper,))
    smoothing = {"label_smoothing": o.label_smoothing or DEFAULT}
    losses = construct("F.cross_entropy", Code(output), Code("{target}"), **smoothing, reduction="none").code()
    return LossSpelled(values_mean(site, losses))


def _jax(site: LossSite) -> LossSpelled:
    o: SparseCategoricalCrossentropy = site.options
    if not o.from_logits or o.class_weights or o.ignore_index is not None:
        helper = jax_crossentropy(_features(o))
        arrays = (Code("{output}"), Code("{target}"))
        losses = construct(helper.name, *arrays, *_given(o).values()).code()
        return LossSpelled(values_mean(site, losses), helpers=(helper,))
    if not o.label_smoothing:
        return LossSpelled(values_mean(site, "optax.softmax_cross_entropy_with_integer_labels({output}, {target})"))
    labels = f"optax.smooth_labels(jax.nn.one_hot({{target}}, {site.output.shape[-1]}), {o.label_smoothing!r})"
    return LossSpelled(values_mean(site, f"optax.softmax_cross_entropy({{output}}, {labels})"))


LOSS = LossKind(
    "sparse_categorical_crossentropy",
    "Σ w[target] · -log p[target] / Σ w[target], p = softmax(output) or the output; w is 1 or class_weights",
    SparseCategoricalCrossentropy,
    _check,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D1", "D2", "D3", "D4", "D5", "D6", "D7"),
    examples=(
        {"output": (5,), "target": ()},
        {"output": (4, 3), "target": (4,)},
        {"from_logits": False, "output": (5,), "target": (), "output_is": "probabilities"},
        {"class_weights": [0.5, 1.0, 3.0], "output": (3,), "target": ()},
        {"from_logits": False, "ignore_index": 1, "output": (4, 3), "target": (4,), "output_is": "probabilities"},
        {"label_smoothing": 0.1, "ignore_index": 1, "output": (4, 3), "target": (4,)},
    ),
)
