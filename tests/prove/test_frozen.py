"""A layer, or a part of one, that one side does not train is named, and frozen on the other side as well."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import prove_texts

SIDE = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 8), nn.Tanh(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
"""
FROZEN = SIDE.replace("criterion", "model[2].requires_grad_(False)\ncriterion", 1)
BIAS = SIDE.replace("criterion", "model[2].bias.requires_grad_(False)\ncriterion", 1)
LEFT_OUT = SIDE.replace("model.parameters()", "[*model[0].parameters(), *model[4].parameters()]")
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.layers = nnx.List([nnx.Linear(m, n, rngs=rngs) for m, n in ((6, 8), (8, 8), (8, 3))])

    def __call__(self, x):
        return self.layers[2](jnp.tanh(self.layers[1](jnp.tanh(self.layers[0](x)))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.adamw(0.01, weight_decay=0.01), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


@pytest.mark.parametrize(("frozen", "what"), [(FROZEN, "kernel_io, bias"), (BIAS, "bias")], ids=["layer", "bias"])
def test_what_is_frozen_on_one_side_is_named(tmp_path: Path, frozen: str, what: str) -> None:
    pair, proof = prove_texts(tmp_path, SIDE, frozen)
    (cause,) = pair.causes
    assert (cause.trap, cause.side, cause.a, cause.b) == ("frozen-layer", pair.a, "nothing", what)
    assert cause.where.startswith("dense_2")
    assert pair.unexplained == ""
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_flax_is_frozen_as_well(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, JAX, FROZEN)
    assert {cause.trap for cause in pair.causes} >= {"frozen-layer"}
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_what_the_optimizer_leaves_out_is_another_thing(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, SIDE, LEFT_OUT)
    assert pair.verdict == "different"
    assert pair.causes == ()
    assert pair.unexplained


def test_the_same_frozen_twice_is_the_same(tmp_path: Path) -> None:
    one_by_one = "for parameter in model[2].parameters():\n    parameter.requires_grad = False\ncriterion"
    pair, _ = prove_texts(tmp_path, FROZEN, SIDE.replace("criterion", one_by_one, 1))
    assert pair.verdict == "same"
