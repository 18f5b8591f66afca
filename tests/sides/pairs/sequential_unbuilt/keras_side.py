# A Keras Sequential that is not built: no Input, images come as (28, 28, 1).
from tensorflow import keras

net = keras.Sequential()
net.add(keras.layers.Flatten())
net.add(keras.layers.Dense(32, activation="relu"))
net.add(keras.layers.Dense(10, activation="softmax"))
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
