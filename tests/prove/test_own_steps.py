"""Steps of a side's own, and what they do to gradients that another side's optimizer does itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from .harness import first_failing, prove_texts

TORCH = """
import torch
from torch import nn

model = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
"""
STEP = """

def train_step(x, y):
    optimizer.zero_grad()
    loss = criterion(model(x), y)
    loss.backward()
    {clip}
    optimizer.step()
    return loss
"""
ADDING = """
calls = 0


def train_step(x, y):
    global calls
    loss = criterion(model(x), y)
    (loss / 2).backward()
    calls += 1
    if calls % 2 == 0:
        optimizer.step()
        optimizer.zero_grad()
    return loss
"""
CLIPPED = "nn.utils.clip_grad_norm_(model.parameters(), 0.05)"
BY_HAND = """norm = sum((p.grad**2).sum() for p in model.parameters()) ** 0.5
    for p in model.parameters():
        p.grad.mul_(torch.clamp(0.05 / norm, max=1.0))"""
JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.hidden = nnx.Linear(6, 5, rngs=rngs)
        self.out = nnx.Linear(5, 3, rngs=rngs)

    def __call__(self, x):
        return self.out(jnp.tanh(self.hidden(x)))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, optax.chain(optax.clip_by_global_norm(0.05), optax.sgd(0.1)), wrt=nnx.Param)


def loss_fn(model, x, y):
    return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()
"""


def test_a_step_that_clips_by_hand_is_the_same_as_an_optimizer_that_clips(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, TORCH + STEP.format(clip=BY_HAND), JAX)
    assert pair.verdict == "same"
    assert next(rung for rung in pair.rungs if rung.name == "gradients").verdict == "same"


def test_what_a_step_clips_by_hand_is_no_cause_beside_another(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, TORCH + STEP.format(clip=BY_HAND), JAX.replace("sgd(0.1)", "sgd(0.2)"))
    assert [cause.trap for cause in pair.causes] == ["learning-rate"]
    assert [one.verdict for one in proof.corrected] == ["same"]


def test_clipping_in_the_step_is_seen_there_and_taken_out(tmp_path: Path) -> None:
    pair, proof = prove_texts(tmp_path, TORCH, TORCH + STEP.format(clip=CLIPPED))
    assert first_failing(pair) == "step"
    assert [(cause.trap, cause.a, cause.b) for cause in pair.causes] == [("clip-global-norm", "none", "0.05")]
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.causes[0].fix is not None
    assert pair.causes[0].fix.note == "no exact edit: the side's own step clips, and not the optimizer"


def test_a_step_that_adds_up_gradients_begins_anew_on_every_rung(tmp_path: Path) -> None:
    """It counts its calls in a name of the file, and keeps gradients from one call to the next (row E20)."""
    chain = "optax.chain(optax.clip_by_global_norm(0.05), optax.sgd(0.1))"
    pair, _ = prove_texts(
        tmp_path,
        TORCH + ADDING,
        JAX.replace(chain, "optax.MultiSteps(optax.sgd(0.1), 2, accumulator_dtype=jnp.float64)"),
    )
    assert pair.verdict == "same"
    assert next(rung for rung in pair.rungs if rung.name == "gradients").verdict == "not run"


HANDED = """

@nnx.jit
def train_step(model, optimizer, x, y):
    loss, gradients = nnx.value_and_grad(lambda model: 4 * loss_fn(model, x, y))(model)
    optimizer.update(model, gradients)
    return loss, gradients
"""


def test_a_loss_beside_a_step_that_follows_another_one_is_not_the_side_s_loss(tmp_path: Path) -> None:
    """Nor is a step passed over that is handed its model, where the loop of the loss and the optimizer does less."""
    fourfold = (TORCH + STEP.format(clip="pass")).replace("loss = criterion", "loss = 4 * criterion")
    plain = JAX.replace("optax.chain(optax.clip_by_global_norm(0.05), optax.sgd(0.1))", "optax.sgd(0.1)")
    pair, _ = prove_texts(tmp_path, fourfold, plain + HANDED)
    assert pair.verdict == "same"
    assert next(rung for rung in pair.rungs if rung.name == "loss").verdict == "same"


@pytest.mark.parametrize("clip", ["pass", CLIPPED], ids=["plain", "clips"])
def test_the_loss_is_changed_inside_of_a_step(tmp_path: Path, clip: str) -> None:
    own = TORCH + STEP.format(clip=clip)
    smoothed = own.replace("CrossEntropyLoss()", "CrossEntropyLoss(label_smoothing=0.1)")
    pair, proof = prove_texts(tmp_path, own, smoothed)
    assert [cause.trap for cause in pair.causes] == ["label-smoothing"]
    assert [one.verdict for one in proof.corrected] == ["same"]
    assert pair.unexplained == ""


MEASURED = """
import keras
import tensorflow as tf


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a, self.b = keras.layers.Dense(5, activation="tanh"), keras.layers.Dense(3)
        self.mean = keras.metrics.Mean(name="loss")

    def call(self, x, training=False):
        return self.b(self.a(x))

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)(y, self(x, training=True))
        gradients, _ = tf.clip_by_global_norm(tape.gradient(loss, self.trainable_variables), 0.05)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables))
        self.mean.update_state(loss)
        return {"loss": self.mean.result()}


model = Net()
model.compile(keras.optimizers.SGD(0.1))
"""


def test_the_running_mean_of_a_train_step_is_no_noise_and_its_clipping_is_not_taken_for_none(tmp_path: Path) -> None:
    pair, _ = prove_texts(tmp_path, MEASURED, TORCH + STEP.format(clip=BY_HAND))
    assert pair.verdict == "same"
    assert not {cause.trap for cause in pair.causes} & {"clip-global-norm", "clip-norm-epsilon"}


NORMED_KERAS = """
import keras
import tensorflow as tf
from keras import layers

model = keras.Sequential(
    [keras.Input((6,)), layers.Dense(5), layers.BatchNormalization(), layers.Activation("tanh"), layers.Dense(3)]
)
optimizer = {optimizer}
loss_of = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x, training=True))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables), model.trainable_variables))
    return loss
"""
NORMED_JAX = """
import jax.numpy as jnp
import optax
from flax import nnx


class Net(nnx.Module):
    def __init__(self, rngs):
        self.hidden = nnx.Linear(6, 5, rngs=rngs)
        self.norm = nnx.BatchNorm(5, momentum=0.99, epsilon=1e-3, use_fast_variance=False, rngs=rngs)
        self.out = nnx.Linear(5, 3, rngs=rngs)

    def __call__(self, x):
        return self.out(jnp.tanh(self.norm(self.hidden(x))))


model = Net(nnx.Rngs(0))
optimizer = nnx.Optimizer(model, {optimizer}, wrt=nnx.Param)


@nnx.jit
def train_step(model, optimizer, x, y):
    def loss_of(model):
        return optax.softmax_cross_entropy_with_integer_labels(model(x), y).mean()

    loss, gradients = nnx.value_and_grad(loss_of)(model)
    optimizer.update(model, gradients)
    return loss
"""


@pytest.mark.parametrize(
    ("keras", "optax", "handed"),
    [
        ("keras.optimizers.SGD(0.1)", "optax.sgd(0.1)", "x, y"),
        ("keras.optimizers.Adam()", "optax.adam(1e-3)", "model, optimizer, x, y"),
    ],
)
def test_a_bias_before_a_norm_is_no_difference_where_both_hide_their_gradients(
    tmp_path: Path, keras: str, optax: str, handed: str
) -> None:
    own = NORMED_KERAS.replace("{optimizer}", keras).replace("train_step(x, y)", f"train_step({handed})")
    pair, proof = prove_texts(tmp_path, own, NORMED_JAX.replace("{optimizer}", optax))
    assert next(rung for rung in pair.rungs if rung.name == "gradients").verdict == "not run"
    assert not pair.unexplained
    assert {cause.trap for cause in pair.causes} <= {"adam-epsilon-default", "adam-epsilon-place", "adam-float32-betas"}
    assert [one.verdict for one in proof.corrected] == ["same"]
    step = next(rung for rung in proof.corrected[0].rungs if rung.name == "step")
    assert step.max_rel is not None
    assert step.max_rel < 1e-9
