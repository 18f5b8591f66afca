"""Differences of form that are none of meaning, each with the experiment that shows it."""

from __future__ import annotations

import numpy as np

from paragone.distance import gap
from paragone.prove.group import Group
from paragone.prove.tolerances import TOLERANCES
from paragone.records import Gauge

_CLIPPED_LOSS = 16.118
"""-log(1e-7): the largest cross-entropy of probabilities that were clipped at 1e-7, as Keras clips them."""


def gauges(group: Group) -> list[Gauge]:
    """The gauges of a group: the form of the outputs, and parameters without a gradient."""
    return [*_output_forms(group), *_parameters(group)]


def _output_forms(group: Group) -> list[Gauge]:
    kinds = {subject.name: str(subject.said["output"]) for subject in group.subjects}
    if len(set(kinds.values())) < 2:
        return []
    saturated = _saturated(group)
    forms = ", ".join(f"{name} gives {kind}" for name, kind in kinds.items())
    if saturated is None:
        return [Gauge(name="form of the outputs", text=forms, why="compared as probabilities", evidence="")]
    distance, losses = saturated
    same = distance <= TOLERANCES["loss"]
    values = ", ".join(f"{loss:.6g} in {name}" for name, loss in losses.items())
    evidence = f"on inputs times 1,000, where the softmax is 0 or 1 to all digits, the loss is {values}"
    if same and max(losses.values()) > _CLIPPED_LOSS:
        evidence += f"; a loss of clipped probabilities could not exceed {_CLIPPED_LOSS:g}"
    return [Gauge(name="form of the outputs", text=forms, why=_why(kinds, same=same), evidence=evidence)]


def _why(kinds: dict[str, str], *, same: bool) -> str:
    if not same:
        return (
            "compared as probabilities; but the losses part where the softmax saturates, so here it is more than form"
        )
    if kinds.get("tensorflow") == "probabilities":
        return (
            "softmax followed by cross-entropy is the same function as cross-entropy of the logits, and on the "
            "TensorFlow backend Keras takes it so: it finds the logits behind the softmax (`_keras_logits`, "
            "keras/src/backend/tensorflow/nn.py, Keras 3.15) instead of taking the logarithm of clipped probabilities"
        )
    return "each side's loss takes the form that its model gives"


def _saturated(group: Group) -> tuple[float, dict[str, float]] | None:
    losses = {}
    for subject in group.subjects:
        array = group.traces[subject.name, group.deciding].arrays.get("loss_saturated")
        if array is None:
            return None
        losses[subject.name] = float(array.reshape(()))
    reference = group.traces[group.reference.name, group.deciding].arrays["loss_saturated"]
    distances = [
        gap(group.traces[subject.name, group.deciding].arrays["loss_saturated"], reference).max_rel
        for subject in group.subjects
    ]
    return max(distances), losses


def _parameters(group: Group) -> list[Gauge]:
    first, *others = group.subjects
    all_ = [group.gauge(first.name, other.name) for other in others]
    names = sorted({name for one in all_ for name in one})
    elements = {name: mask for one in all_ for name, mask in one.elements.items()}
    single = (f"{name}{index}" for name, mask in sorted(elements.items()) for index in np.argwhere(mask).tolist())
    found = [
        Gauge(
            name="parameters without a gradient",
            text=", ".join(names),
            why="their true gradient is zero, so only rounding moves them, and no output depends on where they are",
            evidence="their largest gradient is less than 1e-12 of the largest gradient of all",
        ),
        Gauge(
            name="elements without a gradient",
            text=", ".join(single),
            why="their true gradient on the first batch is zero, as of the bias of a unit that is always on before a "
            "normalisation; where they alone are apart, by no more than rounding moves them, that is no difference",
            evidence="their gradients are less than 1e-12 of the largest gradient of all",
        ),
    ]
    return [gauge for gauge in found if gauge.text]
