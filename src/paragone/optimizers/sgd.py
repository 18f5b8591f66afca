"""Stochastic gradient descent, with momentum and Nesterov's form.

At a constant learning rate the three frameworks agree. Keras keeps the learning rate inside the momentum buffer
(keras/src/optimizers/sgd.py, 3.15), PyTorch and Optax outside (torch/optim/sgd.py, 2.13; optax/_src/transform.py,
trace, 0.2.8): they part when the rate changes. The default rate is 0.01 in Keras, 0.001 in PyTorch. On
the TensorFlow backend Keras casts the momentum through float32, even in float64.
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
        OptimizerTrait(
            "momentum_precision",
            "sgd-float32-momentum",
            "E3",
            fixed={"tensorflow": "float32", "torch": "float64", "jax": "float64"},
            settable=("tensorflow",),
            only_float64=True,
            matters_if="momentum",
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
