# The functional form, channels last
import keras
from keras import layers

inputs = keras.Input((8, 8, 3))
x = layers.Conv2D(5, 3, activation="relu")(inputs)
x = layers.MaxPooling2D()(x)
x = layers.Flatten()(x)
x = layers.Dense(7, activation="relu")(x)
model = keras.Model(inputs, layers.Dense(4)(x))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
