# Imports its settings from a module beside it.
import keras
from settings import CLASSES, HIDDEN, LEARNING_RATE

model = keras.Sequential([keras.layers.Dense(HIDDEN, "relu"), keras.layers.Dense(CLASSES)])
model.compile(keras.optimizers.SGD(LEARNING_RATE), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
