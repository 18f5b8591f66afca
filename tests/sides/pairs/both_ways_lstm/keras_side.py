# Twelve numbers read as six steps, both ways: Keras' last output of each direction.
import keras
from keras import layers

model = keras.Sequential(
    [
        keras.Input((12,)),
        layers.Reshape((6, 2)),
        layers.Bidirectional(layers.LSTM(8)),
        layers.Dense(1),
    ]
)
model.compile(optimizer=keras.optimizers.SGD(0.1), loss=keras.losses.BinaryCrossentropy(from_logits=True))
