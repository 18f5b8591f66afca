# An LSTM written by hand: one kernel over the state and the input side by side, gates f, i, o, g
import keras
from keras import layers, ops


class ByHand(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        n = self.units
        self.w = self.add_weight(shape=(n + shape[-1], 4 * n), name="w")
        self.b = self.add_weight(shape=(4 * n,), initializer="zeros", name="b")

    def call(self, x):
        h = ops.zeros((ops.shape(x)[0], self.units), dtype=x.dtype)
        c = h
        for t in range(x.shape[1]):
            z = ops.matmul(ops.concatenate([h, x[:, t]], axis=-1), self.w) + self.b
            f, i, o, g = ops.split(z, 4, axis=-1)
            c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
            h = ops.sigmoid(o) * ops.tanh(c)
        return h


model = keras.Sequential([keras.Input((5, 6)), ByHand(4), layers.Dense(3)])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
