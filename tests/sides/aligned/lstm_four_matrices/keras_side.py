# Keras' own LSTM
import keras
from keras import layers

model = keras.Sequential([keras.Input((5, 6)), layers.LSTM(6), layers.Dense(3)])
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
