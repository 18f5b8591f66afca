"""Stochastic gradient descent, with momentum and Nesterov's form.

At a constant learning rate the three frameworks agree. Keras keeps the learning rate inside the momentum buffer
(keras/src/optimizers/sgd.py, 3.15), PyTorch and Optax outside (torch/optim/sgd.py, 2.13; optax/_src/transform.py,
trace, 0.2.8): they part when the rate changes. The default rate is 0.01 in Keras, 0.001 in PyTorch.
"""

from __future__ import annotations

from paragone.optimizers.base import LEARNING_RATE, WEIGHT_DECAY, OptimizerKind, OptimizerTrait

OPTIMIZER = OptimizerKind(
    "sgd",
    {"tensorflow": ("SGD",), "torch": ("SGD",), "jax": ("trace", "scale")},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "momentum",
            "sgd-momentum",
            None,
            {"tensorflow": "momentum", "torch": "momentum", "jax": "trace.decay"},
            absent=0.0,
        ),
        OptimizerTrait(
            "nesterov",
            "sgd-nesterov",
            "E8",
            {"tensorflow": "nesterov", "torch": "nesterov", "jax": "trace.nesterov"},
            absent=False,
        ),
        WEIGHT_DECAY,
        OptimizerTrait(
            "decay_form",
            "weight-decay-form",
            "E4",
            fixed={"tensorflow": True, "torch": False, "jax": True},
            matters_if="weight_decay",
        ),
    ),
)
