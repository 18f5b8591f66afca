"""A deep Keras model: its first calls run operation by operation, later ones as one graph for all sizes of batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from paragone.prove.scope import Scope

from .harness import prove_files

SCOPE = Scope(("forward", "loss", "gradients", "step", "trajectory"), dtypes=("float64",), worth=False)
SIDE = """
import keras

inputs = keras.Input((4,))
x = inputs
for _ in range({depth}):
    x = keras.layers.Add()([x, 0.1 * keras.layers.Dense(4, activation="tanh")(x)])
outputs = keras.layers.Dense(3{activation})(x)
model = keras.Model(inputs, outputs)
loss = keras.losses.SparseCategoricalCrossentropy(from_logits={logits})
model.compile(keras.optimizers.Adam(0.01), loss)
"""
GRAPHS = """
import tensorflow as tf


@tf.function
def train_step(x, y):
    with tf.GradientTape() as tape:
        value = loss(y, model(x, training=True))
    variables = model.trainable_variables
    model.optimizer.apply_gradients(zip(tape.gradient(value, variables), variables))
    return value
"""
LOGITS = {"depth": 42, "activation": "", "logits": True}
PROBABILITIES = {"depth": 42, "activation": ', activation="softmax"', "logits": False}


@pytest.mark.parametrize("outputs", [LOGITS, PROBABILITIES], ids=["logits", "probabilities"])
def test_a_deep_side_trains_as_one_whose_step_is_a_graph_of_its_own(outputs: dict[str, object], tmp_path: Path) -> None:
    x = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=(x[:, 0] > 0) + (x[:, 1] > 1).astype(np.int64))
    text = SIDE.format(**outputs)
    (tmp_path / "one_side.py").write_text(text, encoding="utf-8")
    (tmp_path / "other_side.py").write_text(text + GRAPHS, encoding="utf-8")
    files = [tmp_path / "one_side.py", tmp_path / "other_side.py"]
    proof = prove_files(files, str(tmp_path / "data.npz"), tmp_path, steps=14, scope=SCOPE)
    assert proof.verdict == "same"
