# A CNN as Keras writes it: "same" windows, whose padding depends on the size of the image.
import keras
from keras import layers

model = keras.Sequential([
    keras.Input((28, 28, 1)),
    layers.Conv2D(4, 3, strides=2, padding="same", activation="relu", kernel_initializer="glorot_uniform"),
    layers.AveragePooling2D(3, strides=2, padding="same"),
    layers.Conv2D(6, 3, activation="leaky_relu"),
    layers.GlobalAveragePooling2D(),
    layers.Dense(10),
])
model.compile(keras.optimizers.SGD(0.05), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
