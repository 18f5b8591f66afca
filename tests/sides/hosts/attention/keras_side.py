# The same transformer block with layers of our own in Keras.
import keras
from keras import layers, ops


class Attention(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads, self.dim = heads, dim
        self.query = layers.Dense(dim)
        self.key = layers.Dense(dim)
        self.value = layers.Dense(dim)
        self.out = layers.Dense(dim)

    def split(self, x):
        x = ops.reshape(x, (-1, x.shape[1], self.heads, self.dim // self.heads))
        return ops.transpose(x, (0, 2, 1, 3))

    def call(self, x):
        q, k, v = self.split(self.query(x)), self.split(self.key(x)), self.split(self.value(x))
        scores = ops.matmul(q, ops.transpose(k, (0, 1, 3, 2)))
        scores = scores / 8**0.5
        mask = ops.tril(ops.ones((x.shape[1], x.shape[1]), dtype="bool"))
        scores = ops.where(mask, scores, -1e9)
        weights = ops.softmax(scores, axis=-1)
        y = ops.transpose(ops.matmul(weights, v), (0, 2, 1, 3))
        return self.out(ops.reshape(y, ops.shape(x)))


class Net(keras.Model):
    def __init__(self, dim=16):
        super().__init__()
        self.embed = layers.Embedding(20, dim)
        self.norm1 = layers.LayerNormalization(epsilon=1e-5)
        self.attention = Attention(dim, 2)
        self.norm2 = layers.LayerNormalization(epsilon=1e-5)
        self.up = layers.Dense(32)
        self.down = layers.Dense(dim)
        self.head = layers.Dense(4)

    def call(self, tokens):
        x = self.embed(tokens) * 4.0
        x = x + self.attention(self.norm1(x))
        y = self.up(self.norm2(x))
        y = self.down(ops.silu(y))
        x = x + y
        x = ops.mean(x, axis=1)
        return self.head(x)


model = Net()
model.compile(
    optimizer=keras.optimizers.SGD(0.1),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
