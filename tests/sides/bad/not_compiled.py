# A Keras model that was never compiled.
import keras

model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
