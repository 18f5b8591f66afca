# Keras' own batch normalisation
import keras
from keras import layers

model = keras.Sequential([keras.Input((8,))])
for _ in range(2):
    model.add(layers.Dense(8))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
model.add(layers.Dense(3))
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
