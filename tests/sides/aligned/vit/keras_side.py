# The same from custom layers: patches by a Dense layer, one stacked projection, token and places without a leading axis
import keras
from keras import layers, ops


class Tokens(layers.Layer):
    def build(self, shape):
        self.token = self.add_weight(shape=(shape[-1],), initializer="zeros", name="token")
        self.places = self.add_weight(shape=(shape[1] + 1, shape[-1]), name="places")

    def call(self, x):
        token = ops.broadcast_to(self.token, (ops.shape(x)[0], 1, x.shape[-1]))
        return ops.concatenate([token, x], axis=1) + self.places


class Attention(layers.Layer):
    def __init__(self, dim, heads):
        super().__init__()
        self.dim, self.heads = dim, heads
        self.qkv = layers.Dense(3 * dim)
        self.out = layers.Dense(dim)

    def call(self, x):
        t, size = x.shape[1], self.dim // self.heads
        z = ops.reshape(self.qkv(x), (-1, t, 3, self.heads, size))
        q, k, v = (ops.transpose(z[:, :, i], (0, 2, 1, 3)) for i in range(3))
        a = ops.softmax(ops.matmul(q, ops.transpose(k, (0, 1, 3, 2))) / 2.0)
        return self.out(ops.reshape(ops.transpose(ops.matmul(a, v), (0, 2, 1, 3)), (-1, t, self.dim)))


inputs = keras.Input((8, 8, 3))
x = layers.Reshape((2, 4, 2, 4, 3))(inputs)
x = layers.Permute((1, 3, 2, 4, 5))(x)
x = layers.Reshape((4, 48))(x)
x = Tokens()(layers.Dense(16)(x))
x = x + Attention(16, 4)(layers.LayerNormalization(epsilon=1e-5)(x))
h = layers.Dense(32, activation="relu")(layers.LayerNormalization(epsilon=1e-5)(x))
x = x + layers.Dense(16)(h)
x = layers.LayerNormalization(epsilon=1e-5)(x)
model = keras.Model(inputs, layers.Dense(4)(x[:, 0]))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
