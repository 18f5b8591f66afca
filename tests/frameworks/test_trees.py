"""A model in a tree trains as the same model in a module, in every loop; and what of a file is taken for what."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_precision import looked_at

HEAD = """
import jax
import jax.numpy as jnp
import optax
from flax import nnx

weights = 0.01 * jnp.cos(jnp.arange(7840.0)).reshape(784, 10)
tx = optax.adam(1e-3)


def cross_entropy(logits, y):
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()
"""
MODULE = """

class Net(nnx.Module):
    def __init__(self):
        self.w = nnx.Param(weights)

    def __call__(self, x):
        return x @ self.w[...]


model = Net()
optimizer = nnx.Optimizer(model, tx, wrt=nnx.Param)


def loss_fn(model, x, y):
    return cross_entropy(model(x), y)
"""
TREE = """

params = {"w": weights}


def predict(params, x):
    return x @ params["w"]
"""
LOSS = """

def loss_fn(params, batch):
    x, y = batch
    return cross_entropy(predict(params, x), y)
"""
STEP = """

opt_state = tx.init(params)
rate = 1.0


@jax.jit
def update(rate, opt_state, params, batch):
    def loss_of(params):
        return cross_entropy(predict(params, batch["x"]), batch["y"])

    loss, grads = jax.value_and_grad(loss_of)(params)
    updates, opt_state = tx.update(jax.tree.map(lambda g: rate * g, grads), opt_state, params)
    return {"loss": loss}, optax.apply_updates(params, updates), opt_state
"""


def losses(text: str, folder: Path, track: str = "idiomatic") -> list[float]:
    side = folder / "side.py"
    side.write_text(HEAD + text, encoding="utf-8")
    found: list[float] = looked_at("jax", side, folder, precision="float32", track=track)["losses"]
    return found


def test_it_trains_alike_whatever_keeps_the_parameters(tmp_path: Path) -> None:
    module = losses(MODULE, tmp_path)
    assert module[-1] < 0.8 * module[0]
    assert losses(TREE + LOSS, tmp_path) == pytest.approx(module, rel=1e-4)
    assert losses(TREE + LOSS, tmp_path, track="tuned") == pytest.approx(module, rel=1e-4)
    assert losses(TREE + STEP, tmp_path) == pytest.approx(module, rel=1e-4)
