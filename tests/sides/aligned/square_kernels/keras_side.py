# A layer by hand, whose kernel is (in, out)
import keras
from keras import layers, ops


class MyDense(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.units = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), name="w")
        self.b = self.add_weight(shape=(self.units,), name="b", initializer="zeros")

    def call(self, x):
        return ops.tanh(ops.matmul(x, self.w) + self.b)


class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.blocks = [MyDense(8) for _ in range(3)]
        self.out = layers.Dense(3)

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.out(x)


model = Net()
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
