"""Classes derived from Keras' embedding, with what becomes of gradients that repeat."""

import json

import keras

from paragone.frameworks.found import SeenLayer
from paragone.frameworks.tensorflow.conventions import CONVENTIONS, measured
from paragone.layers import kind_of


class Dense(keras.layers.Embedding):
    def call(self, inputs):
        return keras.ops.one_hot(inputs, self.input_dim, dtype=self.embeddings.dtype) @ self.embeddings


class Sparse(keras.layers.Embedding):
    def call(self, inputs):
        return super().call(inputs) * 2.0


class Refusing(keras.layers.Embedding):
    def call(self, inputs, lengths):
        return super().call(inputs)


def seen(layer):
    layer.build((None, 3))
    return SeenLayer("embedding_1", "embedding", layer, kind_of(layer, "tensorflow")[1])


def squared(change):
    """What Adam keeps of a gradient of ones for a row that is there three times."""
    layer = keras.layers.Embedding(4, 2, dtype="float64")
    inputs = keras.Input((3,), dtype="int32")
    model = keras.Model(inputs, layer(inputs))
    if change:
        CONVENTIONS[change](layer)
    optimizer = keras.optimizers.Adam(beta_2=0.0)
    model.compile(optimizer, loss=lambda y, x: keras.ops.sum(x))
    model.train_on_batch(keras.ops.zeros((1, 3), "int32"), keras.ops.zeros((1, 3, 2)))
    return float(optimizer._velocities[0].numpy()[0, 0])


if __name__ == "__main__":
    told = {made.__name__: measured(seen(made(5, 2)), "repeated_entries") for made in (Dense, Sparse, Refusing)}
    print(json.dumps([told, squared(""), squared("summed first")]))
