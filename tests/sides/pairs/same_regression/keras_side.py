# A port that was done with care: Keras' defaults are the reference.
import keras

inputs = keras.Input((8,))
x = keras.layers.Dense(20, activation="tanh")(inputs)
outputs = keras.layers.Dense(1)(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.SGD(0.02), loss=keras.losses.MeanSquaredError())
