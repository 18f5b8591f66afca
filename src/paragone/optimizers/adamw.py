"""AdamW: Adam, and apart from it every weight shrinks by rate · weight_decay · w in each step.

Decoupled in all three (keras/src/optimizers/adamw.py, 3.15; torch/optim/adamw.py, 2.13; optax/_src/alias.py, adamw,
0.2.8); the default decay is 0.004, 0.01 and 0.0001 (row E5), here 0.01. Keras rounds it to float32 on TensorFlow
(keras/src/backend/tensorflow/optimizer.py) unless it is a NumPy number. It shrinks biases and scales too.
"""

from __future__ import annotations

from dataclasses import replace

from paragone.optimizers.adam import AMSGRAD, Adam, keras_moments, optax_moments, torch_moments
from paragone.optimizers.base import OptimizerKind
from paragone.optimizers.entry import OptimizerEntry, OptimizerSite, OptimizerSpelled, Strength
from paragone.spelling.code import DEFAULT, Code, construct, number
from paragone.spelling.spelled import Note


class AdamW(Adam):
    """Options of AdamW."""

    weight_decay: Strength = 0.01


_PRECISE = Note("E3", "Keras would round a decay in Python's numbers to float32")


def _keras(site: OptimizerSite) -> OptimizerSpelled:
    decay = site.given("weight_decay", 0.004)
    if site.matched:
        decay = Code(f"np.float64({number(site.options.weight_decay)})")
    spelled = keras_moments(site, "keras.optimizers.AdamW", weight_decay=decay)
    return replace(spelled, notes=(_PRECISE,)) if site.matched else spelled


def _torch(site: OptimizerSite) -> OptimizerSpelled:
    return torch_moments(site, "torch.optim.AdamW", weight_decay=site.given("weight_decay", 0.01))


def _jax(site: OptimizerSite) -> OptimizerSpelled:
    decay = site.given("weight_decay", 1e-4)
    if not site.options.amsgrad:
        return OptimizerSpelled(construct("optax.adamw", site.rate(None), **optax_moments(site), weight_decay=decay))
    native = "scale_by_amsgrad" if site.matched else "optax.scale_by_amsgrad"
    parts = (
        construct(native, **optax_moments(site)).code(),
        construct("optax.add_decayed_weights", 1e-4 if decay is DEFAULT else decay).code(),
        construct("optax.scale_by_learning_rate", site.rate(None)).code(),
    )
    return OptimizerSpelled(construct("optax.chain", *parts), helpers=(AMSGRAD,) if site.matched else ())


OPTIMIZER = OptimizerKind(
    "adamw",
    {},
    (),
    OptimizerEntry(
        "w -= rate · weight_decay · w, then a step of Adam",
        AdamW,
        {"tensorflow": _keras, "torch": _torch, "jax": _jax},
        rows=("E1", "E2", "E3", "E4", "E5", "E6"),
        examples=({}, {"learning_rate": 0.01, "weight_decay": 0.1}, {"amsgrad": True}),
    ),
)
