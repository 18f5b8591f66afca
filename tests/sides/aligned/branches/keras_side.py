# Two branches of one form, and a shortcut that runs last
import keras
from keras import layers

inputs = keras.Input((8,))
a = layers.Dense(8, activation="tanh")(inputs)
b = layers.Dense(8, activation="relu")(inputs)
c = layers.Dense(16)(inputs)
x = layers.Concatenate()([a, b]) + c
model = keras.Model(inputs, layers.Dense(3)(x))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
