"""Batch normalisation over the channel axis.

Canonical weights: `scale`, `offset` and the running statistics `mean` and `variance`, each (channels).

`momentum` is canonical as the weight of the OLD statistic: 0.99 by default in Keras
(keras/src/layers/normalization/batch_normalization.py, 3.15) and Flax (flax/nnx/nn/normalization.py, 0.12); PyTorch's
argument is the weight of the NEW value, 0.1 by default, which is 0.9 here (torch/nn/modules/batchnorm.py, 2.13). Train
loss is the same either way: only evaluation differs. `epsilon` is 1e-3 in Keras, 1e-5 in PyTorch and Flax. PyTorch
alone keeps an unbiased running variance (n / (n - 1)).
"""

from __future__ import annotations

from paragone.layers.base import Attribute, LayerKind, Spelling, Weight


def _other(value: float | None) -> float | None:
    """From the weight of the new value to that of the old one, and back; rounded so that 1 - 0.1 is 0.9."""
    return None if value is None else round(1.0 - value, 12)


def _attributes(epsilon: str, *, new: bool) -> tuple[Attribute, ...]:
    momentum = Attribute("momentum", "momentum", "batch-norm-momentum", "B1")
    if new:
        momentum = Attribute("momentum", "momentum", "batch-norm-momentum", "B1", _other)
    variance = Attribute(
        "running_variance",
        "",
        "batch-norm-unbiased-variance",
        "B3",
        fixed="unbiased" if new else "biased",
        settable=new,
    )
    return momentum, Attribute("epsilon", epsilon, "batch-norm-epsilon", "B2"), variance


def _weights(scale: str, offset: str, mean: str, variance: str) -> tuple[Weight, ...]:
    return (
        Weight("scale", scale),
        Weight("offset", offset),
        Weight("mean", mean, trainable=False),
        Weight("variance", variance, trainable=False),
    )


LAYER = LayerKind(
    "batch_norm",
    {
        "tensorflow": Spelling(
            ("BatchNormalization",),
            _weights("gamma", "beta", "moving_mean", "moving_variance"),
            _attributes("epsilon", new=False),
        ),
        "torch": Spelling(
            ("_BatchNorm",),
            _weights("weight", "bias", "running_mean", "running_var"),
            _attributes("eps", new=True),
        ),
        "jax": Spelling(("BatchNorm",), _weights("scale", "bias", "mean", "var"), _attributes("epsilon", new=False)),
    },
)
