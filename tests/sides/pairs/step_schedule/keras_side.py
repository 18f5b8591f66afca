# The learning rate falls by a tenth every 45 steps, which is an epoch of the digits.
import keras

rate = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=45, decay_rate=0.9, staircase=True)
model = keras.Sequential([
    keras.Input((784,)),
    keras.layers.Dense(24, activation="relu"),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.SGD(rate), loss="sparse_categorical_crossentropy")
