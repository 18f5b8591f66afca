# Two layers of a GRU, both ways, in Keras' functional form; the second gives its last outputs.
import keras
from keras import layers

numbers = keras.Input((12,))
steps = layers.Reshape((4, 3))(numbers)
read = layers.Bidirectional(layers.GRU(5, return_sequences=True))(steps)
read = layers.Bidirectional(layers.GRU(6))(read)
model = keras.Model(numbers, layers.Dense(1)(layers.Dense(4, activation="relu")(read)))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.BinaryCrossentropy(from_logits=True))
