"""The form of an optimizer file: its traits of meaning and where each framework keeps them.

An optimizer file holds one `OPTIMIZER`. It imports no framework. A place is an attribute of the optimizer in Keras, a
key of the parameter groups in PyTorch (`betas.0` is the first of a tuple), and `transformation.variable` in Optax,
whose transformations keep their numbers in closures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paragone.optimizers.entry import OptimizerEntry


@dataclass(frozen=True)
class OptimizerTrait:
    """One number or convention that decides what an optimizer computes.

    Args:
        name: canonical name.
        trap: slug of the trap that a difference in it is.
        row: the trap's row in the catalogue.
        places: where each framework keeps it.
        fixed: its value where a framework has no choice.
        settable: frameworks in which a fixed convention can be changed by an intervention of the adapter.
        absent: value where the place is missing or None (no weight decay is 0).
        only_float64: True when the trait means nothing in float32.
        matters_if: name of a trait; when it is zero on both sides, this one means nothing.
    """

    name: str
    trap: str
    row: str | None
    places: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, float | str | bool] = field(default_factory=dict)
    settable: tuple[str, ...] = ()
    absent: float | str | bool | None = None
    only_float64: bool = False
    matters_if: str = ""


@dataclass(frozen=True)
class OptimizerKind:
    """One optimizer in all frameworks; `classes` are class names, for Optax names of transformations.

    Args:
        name: as task files and records call it.
        classes: by framework, what is recognised as this optimizer in a user's file.
        traits: what decides its meaning.
        entry: what it is in a task file.
    """

    name: str
    classes: Mapping[str, tuple[str, ...]]
    traits: tuple[OptimizerTrait, ...]
    entry: OptimizerEntry | None = None


LEARNING_RATE = OptimizerTrait(
    "learning_rate",
    "learning-rate",
    "E9",
    {"tensorflow": "learning_rate", "torch": "lr", "jax": "scale.step_size"},
)
"""In Optax the last transformation multiplies by -learning_rate (optax/_src/transform.py, 0.2.8)."""

WEIGHT_DECAY = OptimizerTrait(
    "weight_decay",
    "weight-decay",
    "E5",
    {"tensorflow": "weight_decay", "torch": "weight_decay", "jax": "add_decayed_weights.weight_decay"},
    absent=0.0,
)
