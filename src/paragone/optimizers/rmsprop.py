"""RMSprop: the gradient over the root of the running mean of its square.

Keras puts epsilon inside the root (keras/src/optimizers/rmsprop.py, 3.15), as Optax does by default (`eps_in_sqrt`,
optax/_src/transform.py, 0.2.8); PyTorch puts it outside (torch/optim/rmsprop.py, 2.13). Defaults differ in everything:
rho 0.9 / 0.99 / 0.9, epsilon 1e-7 / 1e-8 / 1e-8, learning rate 0.001 / 0.01 / none.
"""

from __future__ import annotations

from paragone.optimizers.base import LEARNING_RATE, WEIGHT_DECAY, OptimizerKind, OptimizerTrait

OPTIMIZER = OptimizerKind(
    "rmsprop",
    {"tensorflow": ("RMSprop",), "torch": ("RMSprop",), "jax": ("scale_by_rms",)},
    (
        LEARNING_RATE,
        OptimizerTrait(
            "rho", "rmsprop-rho", "E11", {"tensorflow": "rho", "torch": "alpha", "jax": "scale_by_rms.decay"}
        ),
        OptimizerTrait(
            "epsilon",
            "rmsprop-epsilon-default",
            "E11",
            {"tensorflow": "epsilon", "torch": "eps", "jax": "scale_by_rms.eps"},
        ),
        OptimizerTrait(
            "epsilon_inside_root",
            "rmsprop-epsilon-place",
            "E11",
            {"jax": "scale_by_rms.eps_in_sqrt"},
            fixed={"tensorflow": True, "torch": False},
        ),
        OptimizerTrait(
            "momentum",
            "sgd-momentum",
            None,
            {"tensorflow": "momentum", "torch": "momentum", "jax": "trace.decay"},
            absent=0.0,
        ),
        WEIGHT_DECAY,
    ),
)
