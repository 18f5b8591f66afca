"""Sides in plain JAX and in Flax Linen: parameters in a tree, and functions that are handed it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .harness import first_failing, prove_texts

HEAD = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
"""
SGD = HEAD + "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)\n"
ADAM = HEAD + "optimizer = torch.optim.Adam(model.parameters(), lr=0.01)\n"
STARTS = {"kernel-initialiser", "bias-initialiser"}
LAYERS = """
from typing import NamedTuple

import jax
import jax.numpy as jnp
import optax


def layer(key, n_in, n_out):
    return {"w": 0.3 * jax.random.normal(key, (n_in, n_out)), "b": jnp.zeros(n_out)}


one, two = jax.random.split(jax.random.key(0))
"""
FORWARD = """

def forward(params, x):
    hidden, last = {parts}
    return jnp.tanh(x @ hidden["w"] + hidden["b"]) @ last["w"] + last["b"]


def loss_fn(params, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(forward(params, x), y).mean()
"""
DICT = LAYERS + 'params = {"hidden": layer(one, 6, 5), "last": layer(two, 5, 3)}\n'
DICT += FORWARD.replace("{parts}", 'params["hidden"], params["last"]')
NAMED = LAYERS + "class Net(NamedTuple):\n    last: dict\n    hidden: dict\n\n\n"
NAMED += "params = Net(hidden=layer(one, 6, 5), last=layer(two, 5, 3))\n"
NAMED += FORWARD.replace("{parts}", "params.hidden, params.last")
STEP = """

tx = {tx}
opt_state = tx.init(params)


@jax.jit
def train_step(params, opt_state, batch):
    x, y = batch
    loss, grads = jax.value_and_grad(loss_fn)(params, x, y)
    {between}
    updates, opt_state = tx.update(grads, opt_state, params)
    return optax.apply_updates(params, updates), opt_state, loss
"""
MAPPED = """
import jax.numpy as jnp
from jax import grad, jit, random, vmap
from jax.scipy.special import logsumexp

keys = random.split(random.key(0), 2)
params = [(0.3 * random.normal(key, (n, m)), jnp.zeros(n)) for key, m, n in zip(keys, (6, 5), (5, 3))]


def predict(params, row):
    for w, b in params[:-1]:
        row = jnp.tanh(jnp.dot(w, row) + b)
    w, b = params[-1]
    logits = jnp.dot(w, row) + b
    return logits - logsumexp(logits)


batched_predict = vmap(predict, in_axes=(None, 0))


def loss(params, rows, targets):
    wanted = jnp.array(targets[:, None] == jnp.arange(3), jnp.float32)
    return -jnp.mean(jnp.sum(batched_predict(params, rows) * wanted, axis=1))


@jit
def update(params, x, y):
    return [(w - {rate} * dw, b - {rate} * db) for (w, b), (dw, db) in zip(params, grad(loss)(params, x, y))]
"""
LINEN = """
import flax.linen as nn
import jax
import jax.numpy as jnp
import optax
from flax.training.train_state import TrainState


class Net(nn.Module):
    @nn.compact
    def __call__(self, x, train: bool):
        return nn.Dense(3)(nn.tanh(nn.Dense(5)(x)))


net = Net()
params = net.init(jax.random.PRNGKey(0), jnp.ones((1, 6)), train=False)["params"]
state = TrainState.create(apply_fn=net.apply, params=params, tx=optax.adam({rate}))


@jax.jit
def train_step(state, batch):
    def loss_fn(params):
        logits = state.apply_fn({"params": params}, batch["image"], train=True)
        return optax.softmax_cross_entropy(logits, jax.nn.one_hot(batch["label"], 3)).mean(), logits

    (loss, logits), grads = jax.value_and_grad(loss_fn, has_aux=True)(state.params)
    return state.apply_gradients(grads=grads), {"loss": loss, "logits": logits}
"""


KEPT = (
    LAYERS
    + """
from flax.training.train_state import TrainState

DECAY = 0.0
batch = {"x": jnp.ones((4, 6)), "y": jnp.zeros(4)}


def squares(params, strength):
    return strength * sum((leaf**2).sum() for leaf in jax.tree.leaves(params))


def logits_of(params, x):
    hidden, last = params["hidden"], params["last"]
    return jnp.tanh(x @ hidden["w"] + hidden["b"]) @ last["w"] + last["b"]


def cross_entropy(params, batch):
    x, y = batch
    logits = logits_of(params, x)
    return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean() + squares(params, DECAY)


def loss_fn(params, batch):
    return cross_entropy(params, batch)


def forward(params, x):
    return logits_of(params, x)


net = {"hidden": layer(one, 6, 5), "last": layer(two, 5, 3)}
state = TrainState.create(apply_fn=forward, params=net, tx=optax.adam(0.01))


@jax.jit
def train_step(state, x, y):
    loss, grads = jax.value_and_grad(loss_fn)(state.params, (x, y))
    return loss, state.apply_gradients(grads=grads)
"""
)


PLAIN = "\ntx = optax.adam(0.01)\n"


def step(tx: str, between: str = "pass") -> str:
    return STEP.replace("{tx}", tx).replace("{between}", between)


@pytest.mark.parametrize(
    ("side", "torch"),
    [
        (DICT + step("optax.adam(0.01)"), ADAM),
        (NAMED + step("optax.adam(0.01)"), ADAM),
        (MAPPED.replace("{rate}", "0.1"), SGD),
        (LINEN.replace("{rate}", "0.01"), ADAM),
        (KEPT, ADAM),
        (
            "from flax import struct\n"
            + NAMED.replace("class Net(NamedTuple)", "@struct.dataclass\nclass Net")
            + PLAIN,
            ADAM,
        ),
    ],
    ids=["dict", "named_tuple", "mapped_and_by_hand", "linen_state", "kept_in_a_state", "dataclass"],
)
def test_a_tree_of_parameters_is_a_side(side: str, torch: str, tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, torch, side)
    assert pair.verdict == "same"
    assert {cause.trap for cause in pair.causes} <= STARTS


def test_what_its_optimizer_does_otherwise_is_a_cause(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, ADAM, DICT + step("optax.adam(0.01, b2=0.9)"))
    assert {cause.trap for cause in pair.causes} - STARTS == {"adam-betas"}
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_what_it_computes_otherwise_is_a_cause_in_its_own_loss_as_well(tmp_path: Path) -> None:
    side = (DICT + step("optax.adam(0.01)")).replace("jnp.tanh(", "jax.nn.gelu(")
    pair, proof = prove_texts(tmp_path, ADAM.replace("nn.Tanh()", "nn.GELU()"), side)
    assert {cause.trap for cause in pair.causes} - STARTS == {"gelu-approximation"}
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_a_penalty_on_all_leaves_is_a_cause(tmp_path: Path) -> None:
    told = "wanted, axis=1))\n"
    penalised = "import jax\nimport optax\n" + MAPPED.split("@jit", maxsplit=1)[0] + "tx = optax.sgd(0.1)\n"
    penalised = penalised.replace(told, told.replace("\n", " + 0.01 * squares(params)\n"))
    squares = "def squares(tree):\n    return sum((leaf**2).sum() for leaf in jax.tree.leaves(tree))\n\n\ndef loss("
    pair, proof = prove_texts(tmp_path, SGD, penalised.replace("def loss(", squares))
    told = [(one.trap, one.a, one.b) for one in pair.causes if one.trap not in STARTS]
    assert told == [("penalty", "none", "0.01 on 4 weights")]
    assert [one.verdict for one in proof.corrected] == ["same"]


@pytest.mark.parametrize("side", [DICT, NAMED], ids=["dict", "named_tuple"])
def test_a_snippet_is_handed_a_part_of_the_tree(side: str, tmp_path: Path) -> None:
    text = (side + PLAIN).replace("return jnp.tanh(x", "x = jax.nn.relu(x")
    text = text.replace(' @ last["w"]', '\n    return x @ last["w"]')
    pair, _ = prove_texts(tmp_path, ADAM, text)
    place = pair.located
    assert place is not None
    assert place.element is not None
    done = subprocess.run(
        [sys.executable, str(tmp_path / place.snippet[0])], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert f"{place.element.a} in torch, {place.element.b} in jax" in done.stdout


def test_the_rate_of_moves_by_hand_is_a_cause(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, SGD, MAPPED.replace("{rate}", "0.2"))
    assert [(one.trap, one.a, one.b) for one in pair.causes if one.trap not in STARTS] == [
        ("learning-rate", "0.1", "0.2")
    ]


def test_a_step_that_does_more_than_its_loss_says_counts_as_it_is(tmp_path: Path) -> None:
    halved = DICT + step("optax.sgd(0.1)", "grads = jax.tree.map(lambda g: g / 2, grads)")
    pair, _ = prove_texts(tmp_path, SGD, halved)
    assert pair.verdict == "different"
    assert first_failing(pair) == "step"
