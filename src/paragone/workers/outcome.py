"""What was learned, by one measure for all sides: the loss and the accuracy of outputs on the test set.

A target is classes or values. Classes may stand once for each sample, or at every place of it (pixels, characters).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from paragone.frameworks.base import Array
from paragone.workers.describe import output_kind

_LEAST = 1e-300


def test_loss(outputs: Sequence[Array], targets: Sequence[Array], n_classes: int | None) -> float:
    """Mean cross-entropy for classes, mean squared error for values; the mean over several targets.

    Args:
        outputs: of the model, samples first; those that fit no target are left out.
        targets: as the data has them.
        n_classes: of the first target; None for values.
    """
    found = []
    for output, target, classes in _pairs(outputs, targets, n_classes):
        if classes:
            found.append(_cross_entropy(output.astype(np.float64), _labels(output, target)))
        else:
            found.append(float(np.mean((output.reshape(target.shape) - target) ** 2)))
    return float(np.mean(found))


def accuracy(outputs: Sequence[Array], targets: Sequence[Array], n_classes: int | None) -> float | None:
    """The share of samples, or places, whose class is right; None where no target is classes."""
    found = [float(np.mean(each)) for each in hits(outputs, targets, n_classes)]
    return float(np.mean(found)) if found else None


def hits(outputs: Sequence[Array], targets: Sequence[Array], n_classes: int | None) -> list[Array]:
    """For each target that is classes, whether the class of each sample, or place, is right."""
    return [
        np.asarray(_chosen(output, target) == _labels(output, target))
        for output, target, classes in _pairs(outputs, targets, n_classes)
        if classes
    ]


def _pairs(
    outputs: Sequence[Array], targets: Sequence[Array], n_classes: int | None
) -> list[tuple[Array, Array, bool]]:
    """Each target with the first output that fits it, channels last, and whether it is classes."""
    free, found = list(range(len(outputs))), []
    for number, target in enumerate(targets):
        classes = n_classes is not None if number == 0 else target.dtype.kind in "iu"
        fitting = [index for index in free if _channels_last(outputs[index], target, classes=classes) is not None]
        chosen = (fitting or free)[0]
        free.remove(chosen)
        output = _channels_last(outputs[chosen], target, classes=classes) if fitting else outputs[chosen]
        assert output is not None
        found.append((output, target, classes))
    return found


def _channels_last(output: Array, target: Array, *, classes: bool) -> Array | None:
    """The output as it fits the target, or None; a class axis may stand behind the samples' axis."""
    if _fits(output, target, classes=classes):
        return output
    moved = np.moveaxis(output, 1, -1) if output.ndim > 2 else output
    return moved if _fits(moved, target, classes=classes) else None


def _fits(output: Array, target: Array, *, classes: bool) -> bool:
    if output.size == target.size and not (classes and target.max() > 1):
        return True
    places = target.shape[:-1] if target.ndim > 1 and target.shape[-1] == 1 else target.shape
    return classes and output.shape[-1] > 1 and output.shape[:-1] == places


def _is_one_hot(output: Array, target: Array) -> bool:
    return target.shape == output.shape and target.shape[-1] > 1 and bool((target.sum(-1) == 1).all())


def _is_binary(output: Array, target: Array) -> bool:
    """Whether every number of the output answers yes or no, rather than a row of them naming one class."""
    return output.size == target.size and not _is_one_hot(output, target)


def _labels(output: Array, target: Array) -> Array:
    """A class number for each row of the output, or 0 or 1 for each number where they answer yes or no."""
    if _is_one_hot(output, target):
        return np.asarray(target.argmax(-1), dtype=np.int64)
    places = output.shape if _is_binary(output, target) else output.shape[:-1]
    return np.asarray(target.reshape(places), dtype=np.int64)


def _chosen(output: Array, target: Array) -> Array:
    if not _is_binary(output, target):
        return np.asarray(output.argmax(-1))
    threshold = 0.5 if _binary_kind(output) == "probabilities" else 0.0
    return np.asarray(output > threshold, dtype=np.int64)


def _binary_kind(output: Array) -> str:
    return output_kind([output.reshape(-1, 1)], classification=True)


def _cross_entropy(output: Array, labels: Array) -> float:
    if labels.shape == output.shape:
        chance = output if _binary_kind(output) == "probabilities" else 1.0 / (1.0 + np.exp(-output))
        picked = np.where(labels == 1, chance, 1.0 - chance)
        return float(-np.log(np.clip(picked, _LEAST, 1.0)).mean())
    if output_kind([output], classification=True) == "probabilities":
        output = np.log(np.clip(output, _LEAST, None))
    output = output - output.max(-1, keepdims=True)
    log_probabilities = output - np.log(np.exp(output).sum(-1, keepdims=True))
    return float(-np.take_along_axis(log_probabilities, labels[..., None], -1).mean())
