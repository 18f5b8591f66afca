"""Cross-entropy with class numbers as targets: the mean of -log p[target].

`from_logits` true (the default here): the output is logits and p is their softmax. Keras' default is probabilities
(keras/src/losses/losses.py, 3.15; row D1); PyTorch and Optax take logits alone (torch/nn/modules/loss.py, 2.13;
optax/losses/_classification.py, 0.2.8). PyTorch wants the class axis behind the batch axis.
"""

from __future__ import annotations

from paragone.losses.base import LossKind, LossSite, LossSpelled
from paragone.spelling.code import construct
from paragone.spelling.entry import Options, UnfitError
from paragone.spelling.spelled import Note
from paragone.task.tensor import Tensor


class SparseCategoricalCrossentropy(Options):
    """Options of sparse categorical cross-entropy."""

    from_logits: bool = True


def _check(_options: SparseCategoricalCrossentropy, output: Tensor, target: Tensor) -> None:
    if target.kind != "int" or output.shape[:-1] != target.shape or not output.shape:
        wanted = Tensor(output.shape[:-1], "int").words() if output.shape else "one with a class axis"
        raise UnfitError(f"a target {wanted} for an output {output.words()}", target.words())


def _keras(site: LossSite) -> LossSpelled:
    notes = (Note("D1", "the model's outputs are logits"),) if site.options.from_logits else ()
    from_logits = site.options.from_logits
    made = construct("keras.losses.SparseCategoricalCrossentropy", **({"from_logits": True} if from_logits else {}))
    return LossSpelled("", made, notes=notes)


def _torch(site: LossSite) -> LossSpelled:
    if len(site.output.shape) == 1 or site.layout == "first":
        return LossSpelled("F.cross_entropy({output}, {target})", construct("nn.CrossEntropyLoss"))
    return LossSpelled("F.cross_entropy({output}.movedim(-1, 1), {target})")


def _jax(_site: LossSite) -> LossSpelled:
    return LossSpelled("optax.softmax_cross_entropy_with_integer_labels({output}, {target}).mean()")


LOSS = LossKind(
    "sparse_categorical_crossentropy",
    "mean(-log softmax(output)[target])",
    SparseCategoricalCrossentropy,
    _check,
    {"tensorflow": _keras, "torch": _torch, "jax": _jax},
    rows=("D1", "D2", "D3"),
    examples=({"output": (5,), "target": ()}, {"output": (4, 3), "target": (4,)}),
)
