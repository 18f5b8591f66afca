# Keras' own, channels last
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((8, 8, 3)),
        layers.Conv2D(4, 2, strides=2, activation="relu"),
        layers.Conv2DTranspose(4, 2, strides=2, activation="relu"),
        layers.Conv2D(2, 1),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
