# Layer norm and GELU, each as a layer of its own.
import keras
from keras.layers import Activation, Dense, Flatten, Input, LayerNormalization

model = keras.models.Sequential([
    Input((28, 28, 1)),
    Flatten(),
    Dense(32),
    LayerNormalization(),
    Activation("gelu"),
    Dense(10),
])
model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
