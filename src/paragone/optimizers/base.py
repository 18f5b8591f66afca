"""The form of an optimizer file: its traits of meaning and where each framework keeps them.

An optimizer file holds one `OPTIMIZER`. It imports no framework. A place is an attribute of the optimizer in Keras, a
key of the parameter groups in PyTorch (`betas.0` is the first of a tuple), and `transformation.variable` in Optax,
whose transformations keep their numbers in closures.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from paragone.optimizers.entry import OptimizerEntry
from paragone.optimizers.rule import Rule


@dataclass(frozen=True)
class OptimizerTrait:
    """One number or convention that decides what an optimizer computes.

    Args:
        name: canonical name.
        trap: slug of the trap that a difference in it is.
        row: the trap's row in the catalogue.
        places: where each framework keeps it.
        fixed: its value where a framework has no choice.
        absent: value where the place is missing or None (no weight decay is 0).
        only_float64: True when the trait means nothing in float32.
        matters_if: name of a trait; when it is zero on both sides, this one means nothing.
        from_step: the first step that it can change.
    """

    name: str
    trap: str
    row: str | None
    places: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, float | str | bool] = field(default_factory=dict)
    absent: float | str | bool | None = None
    only_float64: bool = False
    matters_if: str = ""
    from_step: int = 1


@dataclass(frozen=True)
class OptimizerState:
    """What an optimizer keeps for each weight, where frameworks keep the same.

    Args:
        name: canonical name.
        places: an attribute of the optimizer in Keras, a key of its state in PyTorch, `State.field` in Optax.
        rate_inside: frameworks that keep it times minus the learning rate.
    """

    name: str
    places: Mapping[str, str]
    rate_inside: tuple[str, ...] = ()


@dataclass(frozen=True)
class OptimizerKind:
    """One optimizer in all frameworks; `classes` are class names, for Optax names of transformations.

    Args:
        name: as task files and records call it.
        classes: by framework, what is recognised as this optimizer in a user's file.
        traits: what decides its meaning.
        entry: what it is in a task file.
        rule: what it computes; without one its traits can be read and not changed.
        states: what it keeps for each weight.
    """

    name: str
    classes: Mapping[str, tuple[str, ...]]
    traits: tuple[OptimizerTrait, ...]
    entry: OptimizerEntry | None = None
    rule: Rule | None = None
    states: tuple[OptimizerState, ...] = ()


PRECISION = "precision of "
"""A place in Keras: in which precision a number is cast, which depends on its class (row E3)."""

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

CLIPPING = (
    OptimizerTrait(
        "clip_value",
        "clip-value",
        "E19",
        {"tensorflow": "clipvalue", "torch": "seen.clip_value", "jax": "clip.max_delta"},
        absent=0.0,
    ),
    OptimizerTrait("clip_norm", "clip-norm", "E19", {"tensorflow": "clipnorm", "torch": "seen.clip_norm"}, absent=0.0),
    OptimizerTrait(
        "clip_global_norm",
        "clip-global-norm",
        "E19",
        {"tensorflow": "global_clipnorm", "torch": "seen.clip_global_norm", "jax": "clip_by_global_norm.max_norm"},
        absent=0.0,
    ),
    OptimizerTrait(
        "clip_epsilon",
        "clip-norm-epsilon",
        "E19",
        {"torch": "seen.clip_epsilon"},
        fixed={"tensorflow": 0.0, "jax": 0.0},
        absent=0.0,
        matters_if="clip_global_norm",
    ),
)
"""Keras clips by its optimizer's attributes, PyTorch in the side's own step, Optax by members of
a chain (keras/src/optimizers/base_optimizer.py, 3.15; torch/nn/utils/clip_grad.py, 2.13; optax/transforms/_clipping.py,
0.2.8)."""

DECAY = (
    WEIGHT_DECAY,
    OptimizerTrait(
        "decay_form",
        "weight-decay-form",
        "E4",
        {"torch": "decoupled_weight_decay", "jax": "after.add_decayed_weights"},
        fixed={"tensorflow": True},
        absent=False,
        matters_if="weight_decay",
    ),
    OptimizerTrait(
        "decay_precision",
        "float32-weight-decay",
        "E3",
        {"tensorflow": f"{PRECISION}weight_decay"},
        absent="float32",
        fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
        only_float64=True,
        matters_if="weight_decay",
    ),
)
"""Every optimizer of Keras and Optax decouples weight decay; of PyTorch's only those that say so."""


def beta_precision(row_of: str = "adam-float32-betas") -> OptimizerTrait:
    """The precision that the betas are cast through on the TensorFlow backend of Keras (row E3)."""
    return OptimizerTrait(
        "beta_precision",
        row_of,
        "E3",
        {"tensorflow": f"{PRECISION}beta_1"},
        absent="float32",
        fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
        only_float64=True,
    )


def rate_place(jax: str) -> OptimizerTrait:
    """Where the learning rate stands: inside the momentum's buffer or outside; seen when the rate changes (row E7)."""
    return OptimizerTrait(
        "rate_place",
        "momentum-rate-place",
        "E7",
        fixed={"tensorflow": "inside", "torch": "outside", "jax": jax},
        matters_if="momentum",
        from_step=2,
    )
