"""Keras's own train function with XLA (`jit_compile=True`), driven by hand."""

from time import perf_counter

import numpy as np
import tensorflow as tf
from ask import batches, serve
from keras_side import model

X, Y = (np.stack(arrays) for arrays in zip(*batches(), strict=True))
BATCHES = iter(tf.data.Dataset.from_tensor_slices((X, Y)).repeat())


def run(n: int) -> float:
    began = perf_counter()
    for _ in range(n):
        logs = train_function(BATCHES)
    logs["loss"].numpy()
    return perf_counter() - began


model.jit_compile = True
model.make_train_function()
train_function = model.train_function
serve(run)
