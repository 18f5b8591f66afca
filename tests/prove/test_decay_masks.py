"""Weights that are kept out of weight decay in Optax and Keras, and a momentum that is an average of gradients."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import JAX_NET, prove_texts

TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.{made}
"""
JAX = (
    JAX_NET
    + """

def kernels(parameters):
    return jax.tree.map(lambda one: one.ndim > 1, parameters)


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.{made}, wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""
)
KERAS = """
import keras
import numpy as np

optimizer = keras.optimizers.AdamW(
    0.01, weight_decay=np.float64(0.1), beta_1=np.float64(0.9), beta_2=np.float64(0.999), epsilon=1e-8
)
optimizer.exclude_from_weight_decay(var_names=["bias"])
model = keras.Sequential([keras.Input((6,)), keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3)])
model.compile(optimizer, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
"""
ALL = TORCH.format(made="AdamW(model.parameters(), lr=0.01, weight_decay=0.1)")
MASKED = JAX.format(made="adamw(0.01, weight_decay=0.1, mask=kernels)")
SAID = "0 (0.1 for dense_1/kernel_io, dense_2/kernel_io)"
NOT_BIASES = ALL.replace(
    "AdamW(model.parameters(),",
    "AdamW([{'params': [p for p in model.parameters() if p.ndim == 1], 'weight_decay': 0.0},"
    " {'params': [p for p in model.parameters() if p.ndim > 1]}],",
)
AVERAGE = JAX.format(made="chain(optax.ema(0.9, debias=False), optax.scale(-0.05))")
CORRECTED = JAX.format(made="chain(optax.ema(0.9), optax.scale(-0.05))")
SUM = TORCH.format(made="SGD(model.parameters(), lr=0.05, momentum=0.9)")


@pytest.mark.parametrize("other", [MASKED, KERAS], ids=["optax", "keras"])
def test_weights_that_are_kept_out_of_the_decay_are_named(tmp_path: Path, other: str) -> None:
    pair, proof = prove_texts(tmp_path, ALL, other)
    found = {cause.trap: cause.b for cause in pair.causes}
    assert found["weight-decay"] == SAID
    assert set(found) <= {"weight-decay", "kernel-initialiser", "bias-initialiser", "adam-epsilon-place"}
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


def test_a_mask_is_the_same_as_groups_of_parameters(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, NOT_BIASES, MASKED)
    assert {cause.trap for cause in pair.causes} <= {"kernel-initialiser", "bias-initialiser"}
    assert pair.verdict == "same"


def test_a_mask_stays_when_something_else_is_taken_out(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, NOT_BIASES.replace("lr=0.01", "lr=0.01, eps=1e-3"), MASKED)
    assert {cause.trap for cause in pair.causes} >= {"adam-epsilon-default"}
    assert "weight-decay" not in {cause.trap for cause in pair.causes}
    assert [one.verdict for one in proof.corrected] == ["same"]


@pytest.mark.parametrize(
    ("other", "traps"),
    [(AVERAGE, {"momentum-average"}), (CORRECTED, {"momentum-average", "momentum-average-correction"})],
    ids=["average", "corrected"],
)
def test_a_momentum_that_is_an_average_is_named(tmp_path: Path, other: str, traps: set[str]) -> None:
    pair, proof = prove_texts(tmp_path, SUM, other)
    found = {cause.trap: (cause.a, cause.b) for cause in pair.causes}
    assert found["momentum-average"] == ("a sum", "an average")
    assert set(found) - {"kernel-initialiser", "bias-initialiser"} == traps
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


def test_an_optimizer_of_ones_own_that_averages_is_recognised(tmp_path: Path) -> None:
    own = """
class Average(torch.optim.Optimizer):
    def __init__(self, parameters, lr, beta):
        super().__init__(parameters, dict(lr=lr, beta=beta))

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                v = self.state[p].setdefault("v", torch.zeros_like(p))
                v.mul_(group["beta"]).add_(p.grad, alpha=1 - group["beta"])
                p.sub_(group["lr"] * v)


optimizer = Average(model.parameters(), lr=0.05, beta=0.9)
"""
    pair, proof = prove_texts(tmp_path, SUM, SUM.partition("optimizer =")[0] + own)
    assert [cause.trap for cause in pair.causes] == ["momentum-average"]
    assert [one.verdict for one in proof.corrected] == ["same"]
