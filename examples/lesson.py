"""A lesson: the same small classifier in Keras and in PyTorch, one after the other."""

# --- A helper for both -----------------------------------------------------------------------------------------------


def count(shapes):
    """How many numbers there are in arrays of these shapes."""
    total = 0
    for shape in shapes:
        size = 1
        for length in shape:
            size *= length
        total += size
    return total


# --- Part 1: Keras ---------------------------------------------------------------------------------------------------

import tensorflow as tf

print("TensorFlow", tf.__version__)

model = tf.keras.Sequential(
    [
        tf.keras.layers.Dense(64, activation="relu"),
        tf.keras.layers.Dense(10),
    ]
)
model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=0.001),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
print("Keras makes the weights when it sees the first batch, so there is nothing to count yet.")

# --- Part 2: PyTorch -------------------------------------------------------------------------------------------------

import torch
from torch import nn

print("PyTorch", torch.__version__)

model = nn.Sequential(
    nn.Linear(784, 64),
    nn.ReLU(),
    nn.Linear(64, 10),
)
loss_fn = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
print("PyTorch has", count(p.shape for p in model.parameters()), "parameters from the start.")
