# Keras' GRU: gates z, r, h; two rows of biases
import keras
from keras import layers

inputs = keras.Input((5, 6))
x = layers.GRU(4, return_sequences=True)(inputs)
x = layers.GRU(4)(x)
model = keras.Model(inputs, layers.Dense(3)(x))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
